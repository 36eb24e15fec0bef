namespace MetaMessaging.Application.Common;

/// <summary>A domain event, published after its commit. A process that ends first loses it: subscribers do only what may be lost.</summary>
public sealed record Happened<TEvent>(TEvent Event) : INotification where TEvent : DomainEvent;
