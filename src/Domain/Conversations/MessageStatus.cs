namespace MetaMessaging.Domain.Conversations;

/// <summary>In the order in which a message passes through them, except <see cref="Failed"/>.</summary>
public enum MessageStatus
{
    /// <summary>All inbound messages have this status, and no others.</summary>
    Received,
    Queued,
    Sending,
    Sent,
    Delivered,
    Read,
    Failed,
}
