namespace MetaMessaging.Domain.Conversations;

public enum MessageDirection { Inbound, Outbound }

/// <summary>Who wrote the message. External means that Meta's own inbox or another app sent it; it is known by its echo.</summary>
public enum MessageOrigin { Contact, Agent, Api, External }

public enum MessageKind { Text, Media, Postback, Unsupported }
