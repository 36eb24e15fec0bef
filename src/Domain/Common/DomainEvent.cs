namespace MetaMessaging.Domain.Common;

/// <summary>Something that happened to an entity. Holds the entity itself, for a new one has no id yet.</summary>
public abstract record DomainEvent;
