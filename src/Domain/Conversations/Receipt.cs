namespace MetaMessaging.Domain.Conversations;

public enum ReceiptKind { Delivered, Read }

/// <summary>The customer has received or read all that was sent up to a time. Kept for as long as Meta repeats deliveries, so that a
/// message gets the time of the earliest receipt that covers it, in whatever order receipts and messages arrive.</summary>
public sealed class Receipt : Entity, IOwnedByOrganization
{
    /// <summary>Longer than Meta repeats deliveries (platform reference, Webhooks → Delivery rules).</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>A message's time may be ours until Meta's is known, and our clock may be ahead of Meta's by this much.</summary>
    public static readonly TimeSpan MaxClockSkew = TimeSpan.FromSeconds(1);

    private Receipt() { }

    /// <param name="at">When it was received or read: on Instagram, whose receipts name the last message, later than that one.</param>
    public Receipt(Conversation conversation, ReceiptKind kind, DateTimeOffset upTo, DateTimeOffset at)
    {
        OrganizationId = conversation.OrganizationId;
        Conversation = conversation;
        ConversationId = conversation.Id;
        Kind = kind;
        CoversUpTo = upTo + MaxClockSkew;
        At = at;
    }

    public long OrganizationId { get; private set; }

    public long ConversationId { get; private set; }

    public Conversation Conversation { get; private set; } = null!;

    public ReceiptKind Kind { get; private set; }

    /// <summary>Includes <see cref="MaxClockSkew"/>, so that a message is covered when its SentAt is not later.</summary>
    public DateTimeOffset CoversUpTo { get; private set; }

    public DateTimeOffset At { get; private set; }
}
