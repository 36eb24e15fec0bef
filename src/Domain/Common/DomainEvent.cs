using System.Diagnostics;

namespace MetaMessaging.Domain.Common;

/// <summary>Something that happened to an entity. Contains the entity itself, because a new one has no id yet.</summary>
public abstract record DomainEvent
{
    /// <summary>Where it happened, if that is traced: what follows after the commit belongs to the same trace.</summary>
    public Activity? Activity { get; } = Activity.Current is { Recorded: true } current ? current : null;

    /// <summary>Without the activity: a conversation that two deliveries change is updated once.</summary>
    public virtual bool Equals(DomainEvent? other) => other is not null && EqualityContract == other.EqualityContract;

    public override int GetHashCode() => EqualityContract.GetHashCode();
}
