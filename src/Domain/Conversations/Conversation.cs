using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Contacts;

namespace MetaMessaging.Domain.Conversations;

/// <summary>
/// All messages between one customer's scoped id and one connection on one channel. Its columns have one writer each
/// (the pump counts what comes in, agents note what they have seen), so that neither ever refuses the other.
/// </summary>
public sealed class Conversation : Entity, IOwnedByOrganization
{
    private Conversation() { }

    public Conversation(PageConnection connection, Channel channel, Contact contact, string scopedUserId, DateTimeOffset now)
    {
        OrganizationId = connection.OrganizationId;
        Connection = connection;
        ConnectionId = connection.Id;
        Channel = channel;
        Contact = contact;
        ContactId = contact.Id;
        ScopedUserId = scopedUserId;
        LastMessageAt = now;
    }

    public long OrganizationId { get; private set; }

    public long ConnectionId { get; private set; }

    public PageConnection Connection { get; private set; } = null!;

    public Channel Channel { get; private set; }

    public long ContactId { get; private set; }

    public Contact Contact { get; private set; } = null!;

    /// <summary>The customer's PSID on Messenger, IGSID on Instagram.</summary>
    public string ScopedUserId { get; private set; } = "";

    public ConversationStatus Status { get; private set; }

    public DateTimeOffset? SnoozedUntil { get; private set; }

    public long? AssigneeId { get; private set; }

    public string? AssigneeName { get; private set; }

    /// <summary>How many messages came in; only the pump writes it.</summary>
    public int InboundCount { get; private set; }

    /// <summary>How many of them an agent has seen; only agents write it.</summary>
    public int SeenCount { get; private set; }

    public int UnreadCount => Math.Max(0, InboundCount - SeenCount);

    public string? LastMessagePreview { get; private set; }

    public MessageDirection LastMessageDirection { get; private set; }

    public DateTimeOffset LastMessageAt { get; private set; }

    /// <summary>Meta's time of the customer's last action: the messaging window hangs on it.</summary>
    public DateTimeOffset? LastInboundAt { get; private set; }

    /// <summary>The other app that owns the thread, so that answers from here are refused (platform reference, Webhooks → Hand-over and standby); null when nobody else does.</summary>
    public string? ThreadOwnerAppId { get; private set; }

    /// <summary>Meta's time of what was last heard of the owner.</summary>
    public DateTimeOffset? ThreadOwnerAt { get; private set; }

    public DateTimeOffset? DeliveredUpTo { get; private set; }

    public DateTimeOffset? ReadUpTo { get; private set; }

    /// <summary>Its messages do not show its watermarks yet; null when they do.</summary>
    public DateTimeOffset? ReceiptsDueAt { get; private set; }

    /// <summary>Stands for an app that Meta does not name.</summary>
    public const string UnknownApp = "unknown";

    /// <summary>A snooze ends by itself.</summary>
    public ConversationStatus StatusAt(DateTimeOffset now) =>
        Status is ConversationStatus.Snoozed && SnoozedUntil <= now ? ConversationStatus.Open : Status;

    public MessagingWindow WindowAt(DateTimeOffset now) => MessagingWindow.At(LastInboundAt, now);

    /// <summary>Accepts what somebody wants to send: the text first, then each file, then the template, for Meta takes one of them in a message.</summary>
    /// <returns>The parts in the order in which they are sent, one at least.</returns>
    /// <exception cref="DomainException">no_content, text_too_long, attachment_not_supported, template_not_supported, reply_target_unavailable, outside_messaging_window, human_agent_required</exception>
    /// <exception cref="ConflictException">channel_not_connected, connection_expired, sending_blocked, attachment_already_sent</exception>
    public IReadOnlyList<Message> Compose(MessageDraft draft, Sender sender, DateTimeOffset now)
    {
        Connection.EnsureCanSend(Channel, now);
        if (string.IsNullOrWhiteSpace(draft.Text) && draft is { Attachments: null or { Count: 0 }, Template: null })
            throw new DomainException("no_content", "Write a text, or add a file.");
        if (draft.Text is { } text) MessagingLimits.EnsureTextFits(Channel, text);
        foreach (var attachment in draft.Attachments ?? []) attachment.EnsureCanSend(Channel);
        if (draft.Template is { } template) MessagingLimits.EnsureTemplateFits(Channel, template);
        if (draft.ReplyTo is { } target && (target.ExternalId is null || target.IsDeleted))
            throw new DomainException("reply_target_unavailable", "The message to reply to is not at Meta: it was not sent, or it was unsent.");

        _ = RequiredTag(draft.AsHumanAgent, now);   // throws outside the window
        MessageTag? tag = draft.AsHumanAgent ? MessageTag.HumanAgent : null;
        var messages = OutgoingPart.Split(draft).Select(part => Message.Queue(this, part, tag, sender, now)).ToList();
        messages.ForEach(RecordMessage);
        return messages;
    }

    /// <summary>The tag that a message needs now; null while the customer's last action is less than 24 hours ago.</summary>
    /// <exception cref="DomainException">outside_messaging_window</exception>
    public MessageTag? RequiredTag(bool asHumanAgent, DateTimeOffset now) => WindowAt(now).State switch
    {
        WindowState.Open => null,
        WindowState.HumanAgent when asHumanAgent => MessageTag.HumanAgent,
        WindowState.HumanAgent => throw OutsideWindow(
            "More than 24 hours have passed since the customer's last message. A person may still answer for seven days, with the human-agent tag."),
        _ => throw OutsideWindow(LastInboundAt is null
            ? "The customer has not written yet; Meta allows answers only."
            : "More than seven days have passed since the customer's last message. You can reply again when they write."),
    };

    /// <summary>A message that came from Meta, in whatever order: only a newer one changes what the list shows.</summary>
    public void RecordMessage(Message message)
    {
        if (message.Direction is MessageDirection.Inbound)
        {
            InboundCount++;
            RecordCustomerAction(message.OccurredAt);
            if (Status is not ConversationStatus.Open) Reopen();
        }

        if (LastMessagePreview is null || message.OccurredAt >= LastMessageAt)
        {
            LastMessageAt = message.OccurredAt;
            LastMessagePreview = MessagePreview.Of(message);
            LastMessageDirection = message.Direction;
        }

        Raise(new ConversationUpdated(this));
    }

    /// <summary>A reaction is an answer that nobody has seen yet, and is counted as one when its message gets its first.</summary>
    public void RecordReaction()
    {
        InboundCount++;
        if (Status is not ConversationStatus.Open) Reopen();
        Raise(new ConversationUpdated(this));
    }

    /// <summary>What is shown of its messages changed.</summary>
    public void RaiseUpdated() => Raise(new ConversationUpdated(this));

    /// <summary>Whether a message of that time is, or stands beside, the last one.</summary>
    public bool IsTimeOfLastMessage(DateTimeOffset occurredAt) => LastMessagePreview is not null && occurredAt == LastMessageAt;

    /// <summary>Before the first message, anything else that happened gives the conversation its place in the list.</summary>
    public void RecordTimelineEntry(DateTimeOffset at)
    {
        if (LastMessagePreview is null && at > LastMessageAt) LastMessageAt = at;
    }

    /// <summary>Who may answer, by Meta's time: only newer news counts, and of two at the same time always the same.</summary>
    /// <param name="appId">Null when nobody else owns the thread.</param>
    public void RecordThreadOwner(string? appId, DateTimeOffset at)
    {
        if (at < ThreadOwnerAt || (at == ThreadOwnerAt && string.CompareOrdinal(appId, ThreadOwnerAppId) <= 0)) return;
        if (appId != ThreadOwnerAppId) Raise(new ConversationUpdated(this));
        ThreadOwnerAppId = appId;
        ThreadOwnerAt = at;
    }

    /// <summary>Anything the customer does opens the window, a message or not.</summary>
    public void RecordCustomerAction(DateTimeOffset at)
    {
        if (LastInboundAt is null || at > LastInboundAt) LastInboundAt = at;
    }

    /// <returns>False when it is no news: receipts arrive late, twice and out of order.</returns>
    public bool AdvanceDeliveredUpTo(DateTimeOffset watermark)
    {
        if (watermark <= DeliveredUpTo) return false;
        DeliveredUpTo = watermark;
        Raise(new ConversationUpdated(this));
        return true;
    }

    /// <summary>A read implies a delivery.</summary>
    /// <inheritdoc cref="AdvanceDeliveredUpTo"/>
    public bool AdvanceReadUpTo(DateTimeOffset watermark)
    {
        if (watermark <= ReadUpTo) return false;
        ReadUpTo = watermark;
        if (DeliveredUpTo is null || watermark > DeliveredUpTo) DeliveredUpTo = watermark;
        Raise(new ConversationUpdated(this));
        return true;
    }

    /// <summary>There is too much to do to move its messages now; the watermark stands, and they follow.</summary>
    public void PostponeReceipts(DateTimeOffset now)
    {
        if (ReceiptsDueAt is null) Raise(new ReceiptsPostponed(this));
        ReceiptsDueAt = now;
    }

    public void MarkSeen()
    {
        if (SeenCount == InboundCount) return;
        SeenCount = InboundCount;
        Raise(new ConversationUpdated(this));
    }

    public void Assign(long? userId, string? name)
    {
        AssigneeId = userId;
        AssigneeName = name;
        Raise(new ConversationUpdated(this));
    }

    public void Close()
    {
        Status = ConversationStatus.Closed;
        SnoozedUntil = null;
        Raise(new ConversationUpdated(this));
    }

    public void Reopen()
    {
        Status = ConversationStatus.Open;
        SnoozedUntil = null;
        Raise(new ConversationUpdated(this));
    }

    /// <exception cref="DomainException">snooze_in_the_past</exception>
    public void Snooze(DateTimeOffset until, DateTimeOffset now)
    {
        if (until <= now) throw new DomainException("snooze_in_the_past", "Choose a time in the future to snooze until.");
        Status = ConversationStatus.Snoozed;
        SnoozedUntil = until;
        Raise(new ConversationUpdated(this));
    }

    private static DomainException OutsideWindow(string message) => new("outside_messaging_window", message);
}

/// <summary>Anything a list or a header shows of a conversation changed, its messages' receipts included.</summary>
public sealed record ConversationUpdated(Conversation Conversation) : DomainEvent;

public sealed record ReceiptsPostponed(Conversation Conversation) : DomainEvent;
