namespace MetaMessaging.Application.Common;

/// <summary>
/// A domain event, published after its commit. A subscriber does only what may be lost: nothing repeats it when the process ends first.
/// </summary>
public sealed record Happened<TEvent>(TEvent Event) : INotification where TEvent : DomainEvent;
