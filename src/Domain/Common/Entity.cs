namespace MetaMessaging.Domain.Common;

/// <summary>A row with an id that the database assigns. Its events are published after the commit.</summary>
public abstract class Entity
{
    private readonly List<DomainEvent> events = [];

    public long Id { get; protected init; }

    public IReadOnlyList<DomainEvent> Events => events;

    public void ClearEvents() => events.Clear();

    protected void Raise(DomainEvent domainEvent)
    {
        if (!events.Contains(domainEvent)) events.Add(domainEvent);
    }
}
