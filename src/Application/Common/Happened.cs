using MediatR;
using MetaMessaging.Domain.Common;

namespace MetaMessaging.Application.Common;

/// <summary>A domain event after its commit. A subscriber does only what may be lost.</summary>
public sealed record Happened<TEvent>(TEvent Event) : INotification where TEvent : DomainEvent;
