using MetaMessaging.Domain.Common;

namespace MetaMessaging.Domain.Conversations;

public enum ReceiptKind
{
    Delivered,
    Read,
}

/// <summary>
/// The customer's phone received, or showed, everything up to a time (platform reference, Webhooks → Delivery and read). Kept for as long as Meta repeats
/// deliveries, so that a message has the time of the first receipt that covers it, whichever came first.
/// </summary>
public sealed class Receipt : Entity, IOwnedByOrganization
{
    /// <summary>Longer than Meta repeats deliveries (platform reference, Webhooks → Delivery rules).</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    private Receipt() { }

    /// <param name="upTo">What was sent until then, by Meta's clock.</param>
    /// <param name="at">When the customer's phone did so: the same on Messenger, later on Instagram, where the last message is named.</param>
    public Receipt(Conversation conversation, ReceiptKind kind, DateTimeOffset upTo, DateTimeOffset at)
    {
        OrganizationId = conversation.OrganizationId;
        Conversation = conversation;
        ConversationId = conversation.Id;
        Kind = kind;
        CoversUpTo = upTo + Watermark.Allowance;
        At = at;
    }

    public long OrganizationId { get; private set; }

    public long ConversationId { get; private set; }

    public Conversation Conversation { get; private set; } = null!;

    public ReceiptKind Kind { get; private set; }

    /// <summary>With the allowance for our clock, see <see cref="Watermark"/>.</summary>
    public DateTimeOffset CoversUpTo { get; private set; }

    public DateTimeOffset At { get; private set; }
}
