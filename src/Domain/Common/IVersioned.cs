namespace MetaMessaging.Domain.Common;

/// <summary>Has several writers; the persistence layer counts the version and refuses the slower one.</summary>
public interface IVersioned
{
    int Version { get; }
}
