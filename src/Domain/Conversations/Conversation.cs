using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Contacts;

namespace MetaMessaging.Domain.Conversations;

/// <summary>All messages between one customer's scoped id and one connection. Each column has one writer (the inbound worker counts what is
/// received, agents set what they have seen), so that the two never fail because of each other.</summary>
public sealed class Conversation : UnreadCounter, IOwnedByOrganization
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

    public string? LastMessagePreview { get; private set; }

    public MessageDirection LastMessageDirection { get; private set; }

    public DateTimeOffset LastMessageAt { get; private set; }

    /// <summary>Meta's time of the customer's last action, from which the messaging window is counted.</summary>
    public DateTimeOffset? LastInboundAt { get; private set; }

    /// <summary>When the customer's first message was received that has no answer yet; null when all have one.</summary>
    public DateTimeOffset? WaitingSince { get; private set; }

    /// <summary>The other app that owns the thread, so that Meta refuses messages of ours; null when no other app does.</summary>
    public string? ThreadOwnerAppId { get; private set; }

    public DateTimeOffset? ThreadOwnerAt { get; private set; }

    /// <summary>The last link, ad or product that the customer came from, JSON as Meta sent it.</summary>
    public string? Referral { get; private set; }

    public DateTimeOffset? ReferralAt { get; private set; }

    /// <summary>The customer's last opt-in, or the end of one, JSON as Meta sent it.</summary>
    public string? OptIn { get; private set; }

    public DateTimeOffset? OptInAt { get; private set; }

    public DateTimeOffset? DeliveredUpTo { get; private set; }

    public DateTimeOffset? ReadUpTo { get; private set; }

    /// <summary>Set while the watermarks have not been applied to the messages yet.</summary>
    public DateTimeOffset? ReceiptsDueAt { get; private set; }

    /// <summary>The owner's id when Meta does not name the app.</summary>
    public const string UnknownApp = "unknown";

    /// <summary>A snooze ends by itself.</summary>
    public ConversationStatus StatusAt(DateTimeOffset now) =>
        Status is ConversationStatus.Snoozed && SnoozedUntil <= now ? ConversationStatus.Open : Status;

    public MessagingWindow WindowAt(DateTimeOffset now) => MessagingWindow.At(LastInboundAt, now);

    /// <summary>Checks a draft against the channel's rules and splits it into messages (see <see cref="OutgoingPart"/>).</summary>
    /// <returns>At least one message, in the order in which they are sent.</returns>
    /// <exception cref="DomainException">no_content, text_too_long, attachment_not_supported, template_not_supported,
    /// quick_replies_not_supported, reply_target_unavailable, outside_messaging_window</exception>
    /// <exception cref="ConflictException">channel_not_connected, connection_expired, sending_blocked, attachment_already_sent</exception>
    public IReadOnlyList<Message> Compose(MessageDraft draft, Sender sender, DateTimeOffset now)
    {
        Connection.EnsureCanSend(Channel, now);
        if (VisibleText.IsBlank(draft.Text) && draft is { Attachments: null or { Count: 0 }, Template: null })
            throw new DomainException("no_content", "Write a text, or add a file.");
        if (draft.Text is { } text) MessagingLimits.EnsureTextFits(Channel, text);
        foreach (var attachment in draft.Attachments ?? []) attachment.EnsureCanSend(Channel);
        if (draft.Template is { } template) MessagingLimits.EnsureTemplateFits(Channel, template);
        if (Channel is Channel.InstagramDm && draft.QuickReplies is { Count: > 0 } && VisibleText.IsBlank(draft.Text))
            throw new DomainException("quick_replies_not_supported", "Instagram supports quick replies only together with a text.");
        if (draft.ReplyTo is { } target && (target.ExternalId is null || target.IsDeleted))
        {
            throw new DomainException(
                "reply_target_unavailable", "The message to reply to does not exist at Meta: it was never sent, or was unsent.");
        }

        _ = RequiredTag(draft.AsHumanAgent, now);   // throws outside the window
        MessageTag? tag = draft.AsHumanAgent ? MessageTag.HumanAgent : null;
        var messages = OutgoingPart.Split(draft).Select(part => Message.Queue(this, part, tag, sender, now)).ToList();
        messages.ForEach(RecordMessage);
        return messages;
    }

    /// <summary>The tag that Meta requires for a message now; null within 24 hours of the customer's last action.</summary>
    /// <exception cref="DomainException">outside_messaging_window</exception>
    public MessageTag? RequiredTag(bool asHumanAgent, DateTimeOffset now) => WindowAt(now).State switch
    {
        WindowState.Open => null,
        WindowState.HumanAgent when asHumanAgent => MessageTag.HumanAgent,
        WindowState.HumanAgent => throw OutsideWindow(
            "More than 24 hours have passed since the customer's last message. "
            + "A person may still answer for seven days, with the human-agent tag."),
        _ => throw OutsideWindow(LastInboundAt is null
            ? "The customer has not written yet; Meta allows answers only."
            : "More than seven days have passed since the customer's last message. You can reply again when they write."),
    };

    /// <summary>Counts a message and shows it in the list if it is the latest; messages may come in any order.</summary>
    public void RecordMessage(Message message)
    {
        if (message.Direction is MessageDirection.Inbound)
        {
            message.InboundNumber = CountInbound();
            RecordCustomerAction(message.OccurredAt);
            if (message.Referral is { } referral) RecordReferral(referral, message.OccurredAt);
            if (Status is not ConversationStatus.Open) Reopen();
        }

        RecordWait(message);
        if (LastMessagePreview is null || message.OccurredAt >= LastMessageAt)
        {
            LastMessageAt = message.OccurredAt;
            LastMessagePreview = MessagePreview.Of(message);
            LastMessageDirection = message.Direction;
        }

        Raise(new ConversationUpdated(this));
    }

    /// <summary>Only of a message that is later than all others it is known at once what it answers. Of a question and an answer at the
    /// same time the question is first.</summary>
    private void RecordWait(Message message)
    {
        var isInbound = message.Direction is MessageDirection.Inbound;
        if (isInbound && WaitingSince <= message.OccurredAt) return;   // the customer has been waiting for longer, so no answer follows it
        message.IsOutOfOrder = LastMessagePreview is not null && (message.OccurredAt < LastMessageAt
            || (message.OccurredAt == LastMessageAt && isInbound && WaitingSince is null));
        if (message.IsOutOfOrder) return;

        if (isInbound) WaitingSince ??= message.OccurredAt;
        else (message.WaitedSince, WaitingSince) = (WaitingSince, null);
    }

    /// <summary>Counts a customer's reaction as unread. Called for the first reaction to a message only.</summary>
    /// <returns>Its number, as <see cref="Message.InboundNumber"/>.</returns>
    internal int RecordReaction()
    {
        if (Status is not ConversationStatus.Open) Reopen();
        Raise(new ConversationUpdated(this));
        return CountInbound();
    }

    /// <summary>Events may come in any order: the latest one stays, and of two at the same time the one with the greater text.</summary>
    /// <param name="referral">JSON as Meta sent it.</param>
    public void RecordReferral(string referral, DateTimeOffset at)
    {
        if (IsLater(referral, at, Referral, ReferralAt)) (Referral, ReferralAt) = (referral, at);
    }

    /// <inheritdoc cref="RecordReferral"/>
    public void RecordOptIn(string optIn, DateTimeOffset at)
    {
        if (IsLater(optIn, at, OptIn, OptInAt)) (OptIn, OptInAt) = (optIn, at);
    }

    private static bool IsLater(string text, DateTimeOffset at, string? knownText, DateTimeOffset? knownAt) =>
        knownAt is null || at > knownAt || (at == knownAt && string.CompareOrdinal(text, knownText) > 0);

    /// <summary>Something that the conversation shows of its messages changed.</summary>
    public override void RaiseUpdated() => Raise(new ConversationUpdated(this));

    /// <summary>Whether the last message has this time; several messages may have it.</summary>
    public bool IsTimeOfLastMessage(DateTimeOffset occurredAt) => LastMessagePreview is not null && occurredAt == LastMessageAt;

    /// <summary>Until there is a message, timeline entries decide the conversation's position in the list.</summary>
    public void RecordTimelineEntry(DateTimeOffset at)
    {
        if (LastMessagePreview is null && at > LastMessageAt) LastMessageAt = at;
    }

    /// <summary>
    /// Events may come in any order: the latest one stays, and of two at the same time the one with the greater app id. The unknown app is
    /// the least: a tap that comes in the standby list and among the messages at the same time was meant for this app, too.
    /// </summary>
    /// <param name="appId">Null when no other app owns the thread.</param>
    public void RecordThreadOwner(string? appId, DateTimeOffset at)
    {
        if (at < ThreadOwnerAt) return;
        if (at == ThreadOwnerAt)
        {
            if (appId is UnknownApp) return;
            if (ThreadOwnerAppId is not UnknownApp && string.CompareOrdinal(appId, ThreadOwnerAppId) <= 0) return;
        }

        if (appId != ThreadOwnerAppId) Raise(new ConversationUpdated(this));
        ThreadOwnerAppId = appId;
        ThreadOwnerAt = at;
    }

    /// <summary>Any action of the customer opens the messaging window, not only a message.</summary>
    public void RecordCustomerAction(DateTimeOffset at)
    {
        if (LastInboundAt is null || at > LastInboundAt) LastInboundAt = at;
    }

    /// <returns>False when an equal or later watermark is known: receipts arrive late, repeated and in any order.</returns>
    public bool AdvanceDeliveredUpTo(DateTimeOffset watermark)
    {
        if (watermark <= DeliveredUpTo) return false;
        DeliveredUpTo = watermark;
        Raise(new ConversationUpdated(this));
        return true;
    }

    /// <summary>A message that was read was also delivered.</summary>
    /// <inheritdoc cref="AdvanceDeliveredUpTo"/>
    public bool AdvanceReadUpTo(DateTimeOffset watermark)
    {
        if (watermark <= ReadUpTo) return false;
        ReadUpTo = watermark;
        if (DeliveredUpTo is null || watermark > DeliveredUpTo) DeliveredUpTo = watermark;
        Raise(new ConversationUpdated(this));
        return true;
    }

    /// <summary>Leaves the messages to the job <c>ApplyDeferredReceipts</c>, because there are too many of them for the batch.</summary>
    public void PostponeReceipts(DateTimeOffset now)
    {
        if (ReceiptsDueAt is null) Raise(new ReceiptsPostponed(this));
        ReceiptsDueAt = now;
    }

    public void Assign(long? userId, string? name)
    {
        AssigneeId = userId;
        AssigneeName = name;
        Raise(new ConversationUpdated(this));
    }

    public void Close() => SetStatus(ConversationStatus.Closed, snoozedUntil: null);

    public void Reopen() => SetStatus(ConversationStatus.Open, snoozedUntil: null);

    public void Snooze(DateTimeOffset until, DateTimeOffset now)
    {
        if (until <= now) throw new DomainException("snooze_in_the_past", "Choose a time in the future to snooze until.");
        SetStatus(ConversationStatus.Snoozed, until);
    }

    private void SetStatus(ConversationStatus status, DateTimeOffset? snoozedUntil)
    {
        (Status, SnoozedUntil) = (status, snoozedUntil);
        RaiseUpdated();
    }

    private static DomainException OutsideWindow(string message) => new("outside_messaging_window", message);
}

/// <summary>Something that a list or a header shows of a conversation changed, including the receipts of its messages.</summary>
public sealed record ConversationUpdated(Conversation Conversation) : DomainEvent;

public sealed record ReceiptsPostponed(Conversation Conversation) : DomainEvent;
