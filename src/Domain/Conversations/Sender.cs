namespace MetaMessaging.Domain.Conversations;

/// <summary>The person or API key behind a message we send.</summary>
public sealed record Sender(MessageOrigin Origin, long? Id, string Name);
