namespace MetaMessaging.Domain.Conversations;

/// <summary>Declared in the order a message moves through; <see cref="Failed"/> stands outside of it.</summary>
public enum MessageStatus
{
    /// <summary>Every inbound message, and nothing else.</summary>
    Received,
    Queued,
    Sending,
    Sent,
    Delivered,
    Read,
    Failed,
}
