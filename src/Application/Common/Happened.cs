using System.Collections.Concurrent;
using System.Reflection;

namespace MetaMessaging.Application.Common;

/// <summary>A domain event, published after its commit. A process that ends first loses it: subscribers do only what may be lost.</summary>
public sealed record Happened<TEvent>(TEvent Event) : INotification where TEvent : DomainEvent;

public static class Happened
{
    private static readonly ConcurrentDictionary<Type, Func<DomainEvent, INotification>> Factories = new();

    /// <summary>For an event whose type is known at run time only.</summary>
    public static INotification Create(DomainEvent domainEvent) => Factories.GetOrAdd(domainEvent.GetType(), type => typeof(Happened)
        .GetMethod(nameof(CreateTyped), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type)
        .CreateDelegate<Func<DomainEvent, INotification>>())(domainEvent);

    private static Happened<TEvent> CreateTyped<TEvent>(DomainEvent domainEvent) where TEvent : DomainEvent => new((TEvent)domainEvent);
}
