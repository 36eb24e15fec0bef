namespace MetaMessaging.Domain.Common;

/// <summary>A row with an identity of ours. Events are published after the commit, never before.</summary>
public abstract class Entity
{
    private readonly List<DomainEvent> events = [];

    public long Id { get; private set; }

    public IReadOnlyList<DomainEvent> Events => events;

    public void ClearEvents() => events.Clear();

    protected void Raise(DomainEvent happened)
    {
        if (!events.Contains(happened)) events.Add(happened);
    }
}
