namespace MetaMessaging.Domain.Conversations;

public enum MessageDirection
{
    Inbound,
    Outbound,
}

/// <summary>Who wrote it. External: from Meta's own inbox or another app, known to us by its echo.</summary>
public enum MessageOrigin
{
    Contact,
    Agent,
    Api,
    External,
}

public enum MessageKind
{
    Text,
    Media,
    Postback,
    Unsupported,
}
