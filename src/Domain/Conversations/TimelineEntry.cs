using MetaMessaging.Domain.Common;

namespace MetaMessaging.Domain.Conversations;

public enum TimelineEntryKind
{
    Referral,
    OptIn,
    AccountLinking,
    Feedback,
    Handover,
    Order,
    Coupon,
    Game,
}

/// <summary>Something that happened in a conversation and is no message: a small line between them (platform reference, Webhooks → Reactions, postbacks, referrals, opt-ins; Webhooks → Hand-over and standby; Webhooks → Other events).</summary>
public sealed class TimelineEntry : Entity, IOwnedByOrganization
{
    private TimelineEntry() { }

    public TimelineEntry(Conversation conversation, TimelineEntryKind kind, string text, string details, string fingerprint, DateTimeOffset occurredAt)
    {
        OrganizationId = conversation.OrganizationId;
        Conversation = conversation;
        ConversationId = conversation.Id;
        Kind = kind;
        Text = text;
        Details = details;
        Fingerprint = fingerprint;
        OccurredAt = occurredAt;
        Raise(new ConversationUpdated(conversation));
    }

    public long OrganizationId { get; private set; }

    public long ConversationId { get; private set; }

    public Conversation Conversation { get; private set; } = null!;

    public TimelineEntryKind Kind { get; private set; }

    /// <summary>One line for people.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The event's own part as Meta sent it, JSON.</summary>
    public string Details { get; private set; } = "";

    /// <summary>SHA-256 of the event: such events have no id, and Meta redelivers (platform reference, Webhooks → Envelope).</summary>
    public string Fingerprint { get; private set; } = "";

    public DateTimeOffset OccurredAt { get; private set; }
}
