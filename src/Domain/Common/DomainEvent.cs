namespace MetaMessaging.Domain.Common;

/// <summary>Something that happened to an entity. Contains the entity itself, because a new one has no id yet.</summary>
public abstract record DomainEvent;
