namespace MetaMessaging.Domain.Conversations;

/// <summary>The user or API key that sends a message.</summary>
public sealed record Sender(MessageOrigin Origin, long? Id, string Name);
