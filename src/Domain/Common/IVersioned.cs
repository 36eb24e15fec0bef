namespace MetaMessaging.Domain.Common;

/// <summary>A row with several writers. Each save increments the version, so that the second of two concurrent saves fails.</summary>
public interface IVersioned { int Version { get; } }
