namespace MetaMessaging.Domain.Conversations;

public enum TimelineItemType
{
    /// <summary>Not an entry, but shown among them.</summary>
    Message,

    Referral,
    OptIn,
    AccountLinking,
    Feedback,
    Handover,
    Order,
    Coupon,
    Game,

    /// <summary>Meta warned, blocked or unblocked the Page. Not an entry either: only the last decision is known, by the Page.</summary>
    Policy,

    /// <summary>A <see cref="Conversations.Note"/> of an agent; not an entry either.</summary>
    Note,
}

/// <summary>An event that is not a message, shown as a line between the messages.</summary>
public sealed class TimelineEntry : Entity, IOwnedByOrganization
{
    private TimelineEntry() { }

    public TimelineEntry(
        Conversation conversation, TimelineItemType kind, string text, string details, string fingerprint, DateTimeOffset occurredAt)
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

    public TimelineItemType Kind { get; private set; }

    public string Text { get; private set; } = "";

    /// <summary>The part of the event that describes it, JSON as Meta sent it.</summary>
    public string Details { get; private set; } = "";

    /// <summary>SHA-256 of the event, which identifies it when Meta delivers it again, because such events have no id.</summary>
    public string Fingerprint { get; private set; } = "";

    public DateTimeOffset OccurredAt { get; private set; }
}
