using MetaMessaging.Domain.Common;

namespace MetaMessaging.Domain.Conversations;

/// <summary>One message, in or out. For what we send, this row is also the queue entry.</summary>
public sealed class Message : Entity, IOwnedByOrganization, IVersioned
{
    /// <summary>Longer than any call to Meta takes, so that a claim outlives its call (see ClaimedUntil).</summary>
    public static readonly TimeSpan ClaimLifetime = TimeSpan.FromSeconds(30);

    /// <summary>Longer than an upload to Meta takes, which comes before the call that sends.</summary>
    public static readonly TimeSpan UploadLifetime = TimeSpan.FromMinutes(2);

    /// <summary>How long the parts behind a failed one wait for it to be sent again.</summary>
    public static readonly TimeSpan HoldDuration = TimeSpan.FromHours(1);

    private const string MetadataPrefix = "mm:";

    /// <summary>Meta's words for attachments that cannot stand for one another.</summary>
    private static readonly HashSet<string> Telling = ["image", "file", "template"];

    private static readonly Refusal PageIsLimited = Refusal.Ours(
        RefusalClass.Rate, "Meta limits this Page right now; sending goes on by itself.", RefusalActor.Wait, retryable: true);

    private static readonly Refusal EarlierPartFailed = Refusal.Ours(
        RefusalClass.Parameter, "The part before it has failed.", RefusalActor.Agent, retryable: true);

    private static readonly Refusal WaitsForEarlierPart = Refusal.Ours(
        RefusalClass.Parameter,
        "The part before it has failed. Send that one again and this one follows, or it fails as well in an hour.",
        RefusalActor.Agent,
        retryable: true);

    private readonly List<MessageAttachment> attachments = [];
    private readonly List<MessageReaction> reactions = [];

    private Message() { }

    private Message(Conversation conversation, MessageDirection direction, MessageOrigin origin, DateTimeOffset occurredAt, DateTimeOffset now)
    {
        OrganizationId = conversation.OrganizationId;
        Conversation = conversation;
        ConversationId = conversation.Id;
        ConnectionId = conversation.ConnectionId;
        Channel = conversation.Channel;
        Direction = direction;
        Origin = origin;
        OccurredAt = occurredAt;
        CreatedAt = now;
        Raise(new MessageCreated(this));
    }

    public long OrganizationId { get; private set; }

    public long ConversationId { get; private set; }

    public Conversation Conversation { get; private set; } = null!;

    public long ConnectionId { get; private set; }

    public Channel Channel { get; private set; }

    /// <summary>Meta's message id (mid); null until Meta has given one.</summary>
    public string? ExternalId { get; private set; }

    public MessageDirection Direction { get; private set; }

    public MessageOrigin Origin { get; private set; }

    public MessageKind Kind { get; private set; }

    public MessageStatus Status { get; private set; }

    public string? Text { get; private set; }

    public string? QuickReplyPayload { get; private set; }

    public string? PostbackTitle { get; private set; }

    public string? PostbackPayload { get; private set; }

    /// <summary>The mid that this one answers; the message may be unknown to us.</summary>
    public string? ReplyToExternalId { get; private set; }

    public long? ReplyToMessageId { get; private set; }

    /// <summary>The Instagram story that this one answers; its address dies with the story.</summary>
    public string? ReplyToStoryId { get; private set; }

    public string? ReplyToStoryUrl { get; private set; }

    /// <summary>The link, ad or product that the customer came from, JSON as Meta sent it (platform reference, Webhooks → Reactions, postbacks, referrals, opt-ins).</summary>
    public string? Referral { get; private set; }

    public long? SenderId { get; private set; }

    public string? SenderName { get; private set; }

    /// <summary>What the customer may tap below it; null for none.</summary>
    public IReadOnlyList<QuickReply>? QuickReplies { get; private set; }

    /// <summary>Set when a person stands behind it; Meta gets it after the 24 hours only.</summary>
    public MessageTag? Tag { get; private set; }

    /// <summary>Common to the parts of one send; null for what was not sent from here.</summary>
    public string? SendId { get; private set; }

    /// <summary>Its place in its send: it goes once those with lower numbers are sent. 0 waits for none.</summary>
    public int PartNumber { get; private set; }

    /// <summary>An earlier part has failed: until then it waits for that one to be sent again.</summary>
    public DateTimeOffset? HeldUntil { get; private set; }

    /// <summary>Travels as Meta's message.metadata and comes back in the echo: the proof that it was sent.</summary>
    public string? Metadata { get; private set; }

    /// <summary>Its place in the thread: Meta's time for what came in, ours for what we accepted.</summary>
    public DateTimeOffset OccurredAt { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>By Meta's clock as soon as we know it: watermarks are compared with this.</summary>
    public DateTimeOffset? SentAt { get; private set; }

    public DateTimeOffset? DeliveredAt { get; private set; }

    public DateTimeOffset? ReadAt { get; private set; }

    /// <summary>Meta's num_edit of the text shown; 0 when it was never edited.</summary>
    public int EditCount { get; private set; }

    public DateTimeOffset? EditedAt { get; private set; }

    /// <summary>When its author took it back. What it said is gone then, and this tombstone stays.</summary>
    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>Files and stored deliveries still hold what was taken back; null when they no longer do.</summary>
    public DateTimeOffset? EraseDueAt { get; private set; }

    /// <summary>The delivery that brought it; null for what was sent from here.</summary>
    public long? WebhookDeliveryId { get; private set; }

    /// <summary>Which event of that delivery, counted from 0.</summary>
    public int? WebhookEventIndex { get; private set; }

    public int Attempts { get; private set; }

    /// <summary>Queued: not before this time. Null: now.</summary>
    public DateTimeOffset? NextAttemptAt { get; private set; }

    /// <summary>Sending: until then it is in somebody's hands. Afterwards its outcome is unknown and needs proof.</summary>
    public DateTimeOffset? ClaimedUntil { get; private set; }

    /// <summary>When the last try began: what Meta shows from then on may be this message.</summary>
    public DateTimeOffset? LastAttemptAt { get; private set; }

    public MessageError? Error { get; private set; }

    public int Version { get; private set; }

    public IReadOnlyList<MessageAttachment> Attachments => attachments;

    public IReadOnlyList<MessageReaction> Reactions => reactions;

    public bool IsDeleted => DeletedAt is not null;

    public bool IsPending => Status is MessageStatus.Queued or MessageStatus.Sending;

    public static Message Receive(Conversation conversation, string? externalId, MessageContent content, DateTimeOffset occurredAt, DateTimeOffset now)
    {
        var message = new Message(conversation, MessageDirection.Inbound, MessageOrigin.Contact, occurredAt, now)
        {
            ExternalId = externalId,
            Status = MessageStatus.Received,
            SentAt = occurredAt,
        };
        message.Fill(content);
        return message;
    }

    /// <summary>Sent outside the gateway; its echo is all that we know of it.</summary>
    public static Message FromEcho(Conversation conversation, string externalId, MessageContent content, string? senderName, DateTimeOffset occurredAt, DateTimeOffset now)
    {
        var message = new Message(conversation, MessageDirection.Outbound, MessageOrigin.External, occurredAt, now)
        {
            ExternalId = externalId,
            SenderName = senderName,
            Status = MessageStatus.Sent,
            SentAt = occurredAt,
        };
        message.Fill(content);
        return message;
    }

    /// <summary>One message a part, all of one send. What answers stands at its beginning, and quick replies below its end.</summary>
    internal static IReadOnlyList<Message> Queue(Conversation conversation, MessageDraft draft, Sender sender, DateTimeOffset now)
    {
        var sendId = Guid.NewGuid().ToString("N");
        var parts = new List<Message>();
        if (!string.IsNullOrWhiteSpace(draft.Text)) Add().Text = draft.Text;
        foreach (var attachment in draft.Attachments ?? [])
        {
            var part = Add();
            part.Kind = MessageKind.Media;
            attachment.SendWith(part);
            part.attachments.Add(attachment);
        }

        if (draft.Template is { } template)
        {
            var part = Add();
            part.Kind = MessageKind.Media;
            part.attachments.Add(new MessageAttachment(part, new AttachmentContent("template", null, template.Title, Details: template.Payload), now));
        }

        parts[0].ReplyToExternalId = draft.ReplyTo?.ExternalId;
        parts[0].ReplyToMessageId = draft.ReplyTo?.Id;
        parts[^1].QuickReplies = draft.QuickReplies is { Count: > 0 } offered ? offered : null;
        return parts;

        Message Add()
        {
            // A moment apart: the thread is in the order of time.
            var part = new Message(conversation, MessageDirection.Outbound, sender.Origin, now.AddMilliseconds(parts.Count), now)
            {
                Kind = MessageKind.Text,
                Tag = draft.AsHumanAgent ? MessageTag.HumanAgent : null,
                SendId = sendId,
                PartNumber = parts.Count,
                SenderId = sender.Id,
                SenderName = sender.Name,
                Status = MessageStatus.Queued,
                Metadata = MetadataPrefix + Guid.NewGuid().ToString("N"),
            };
            parts.Add(part);
            return part;
        }
    }

    /// <param name="target">Saved already: a new message has no id yet.</param>
    public void LinkReplyTarget(Message target) => ReplyToMessageId = target.Id;

    public void LinkWebhookEvent(long deliveryId, int eventIndex)
    {
        if (deliveryId == 0) return;
        WebhookDeliveryId = deliveryId;
        WebhookEventIndex = eventIndex;
    }

    /// <summary>Its author changed the text. Of several edits the last one counts, in whatever order they come.</summary>
    /// <returns>False when it is no news.</returns>
    public bool Edit(string text, int editCount, DateTimeOffset at)
    {
        if (IsDeleted || editCount < EditCount) return false;
        if (editCount == EditCount && (at < EditedAt || (at == EditedAt && string.CompareOrdinal(text, Text) <= 0))) return false;

        Text = text;
        EditCount = editCount;
        EditedAt = at;
        if (Kind is MessageKind.Unsupported) Kind = MessageKind.Text;
        Raise(new MessageUpdated(this));
        return true;
    }

    /// <summary>Its author took it back. Upkeep deletes files and their rows; until then these only say where they are.</summary>
    /// <returns>False when it is no news.</returns>
    public bool Unsend(DateTimeOffset at, DateTimeOffset now)
    {
        if (DeletedAt <= at) return false;

        EraseDueAt = DeletedAt is null ? now : EraseDueAt;
        DeletedAt = at;
        Text = null;
        QuickReplyPayload = null;
        PostbackTitle = null;
        PostbackPayload = null;
        Referral = null;
        ReplyToStoryId = null;
        ReplyToStoryUrl = null;
        EditCount = 0;
        EditedAt = null;
        foreach (var attachment in attachments) attachment.Forget();
        foreach (var reaction in reactions) reaction.Forget();
        Raise(new MessageUpdated(this));
        return true;
    }

    /// <summary>One reaction an actor: a new one takes the place of the one before, null takes it back.</summary>
    /// <returns>Whether it is this actor's first word on the message.</returns>
    public bool React(ReactionActor actor, string? emoji, DateTimeOffset at)
    {
        if (IsDeleted) emoji = null;
        var known = reactions.Find(r => r.Actor == actor);
        if (known is null) reactions.Add(new MessageReaction(this, actor, emoji, at));
        else if (!known.Change(emoji, at)) return false;

        Raise(new MessageUpdated(this));
        return known is null;
    }

    /// <summary>Whether Meta takes a reaction of ours to it; one that is there may be taken back at any time (platform reference, Send API → Quick replies, templates, sender actions; Send API → Windows and tags).</summary>
    /// <exception cref="DomainException">reaction_not_possible, outside_messaging_window</exception>
    /// <exception cref="ConflictException">channel_not_connected, connection_expired, sending_blocked</exception>
    public void EnsureCanReact(string? emoji, DateTimeOffset now)
    {
        if (IsDeleted) throw new DomainException("reaction_not_possible", "The message was unsent.");
        if (Direction is not MessageDirection.Inbound || ExternalId is null)
            throw new DomainException("reaction_not_possible", "Only a message that the customer sent can be reacted to.");

        Conversation.Connection.EnsureCanSend(Channel, now);
        if (emoji is not null && Conversation.WindowAt(now).State is not WindowState.Open)
        {
            throw new DomainException(
                "outside_messaging_window", "More than 24 hours have passed since the customer's last message; Meta takes reactions within them only.");
        }
    }

    /// <summary>Meta took our reaction: it is the last word of ours, whatever the two clocks say.</summary>
    public void ReactAsBusiness(string? emoji, DateTimeOffset now)
    {
        var before = reactions.Find(r => r.Actor is ReactionActor.Business)?.At;
        React(ReactionActor.Business, emoji, before >= now ? before.Value.AddMilliseconds(1) : now);
    }

    /// <summary>What became known of this message while its echo was taken for a foreign one.</summary>
    public void MergeDuplicate(Message twin, DateTimeOffset now)
    {
        if (twin.EditedAt is { } editedAt) Edit(twin.Text ?? "", twin.EditCount, editedAt);
        foreach (var reaction in twin.reactions) React(reaction.Actor, reaction.Emoji, reaction.At);
        if (twin.DeletedAt is { } deletedAt) Unsend(deletedAt, now);
    }

    /// <summary>Voice and video have a far smaller allowance at Meta than all else (platform reference, Send API → Limits).</summary>
    public bool IsAudioOrVideo => attachments.Exists(a => a.Type is "audio" or "video");

    /// <summary>Written by a person, or sent in the name of one.</summary>
    public bool IsByHuman => Origin is MessageOrigin.Agent || Tag is MessageTag.HumanAgent;

    public bool IsDue(DateTimeOffset now) => Status is MessageStatus.Queued && !(NextAttemptAt > now);

    /// <summary>Meta limits the whole Page, so this message waits with all others of it, and says so.</summary>
    /// <param name="pausedUntil">The Page's pause as the database has it now.</param>
    /// <returns>False when it need not wait, or waits for it already.</returns>
    public bool WaitForPage(DateTimeOffset? pausedUntil, DateTimeOffset now)
    {
        if (!IsDue(now) || pausedUntil is not { } until || until <= now) return false;

        Requeue(PageIsLimited, until);
        return true;
    }

    /// <summary>It may have waited until the 24 hours were over. What a person wrote may go for seven days, as such.</summary>
    /// <inheritdoc cref="Conversation.RequiredTag"/>
    public MessageTag? RequiredTag(DateTimeOffset now) => Conversation.RequiredTag(IsByHuman, now);

    /// <returns>False when it is not ours to send: done, in other hands, or not due yet.</returns>
    public bool TryClaim(DateTimeOffset now)
    {
        if (!IsDue(now)) return false;

        NextAttemptAt = null;
        HeldUntil = null;
        ClaimedUntil = now + ClaimLifetime + (attachments.Exists(a => a.NeedsUpload(now)) ? UploadLifetime : TimeSpan.Zero);
        LastAttemptAt = now;
        Attempts++;
        Error = null;
        MoveTo(MessageStatus.Sending);
        return true;
    }

    /// <summary>Its file is at Meta; only now the call begins that may send it.</summary>
    public void BeginSending(DateTimeOffset now)
    {
        ClaimedUntil = now + ClaimLifetime;
        LastAttemptAt = now;
    }

    /// <summary>Meta does not take its file: another try begins with another upload.</summary>
    public void DiscardUpload() => attachments.ForEach(a => a.DiscardUpload());

    /// <summary>An earlier part has failed. This one waits for it to be sent again, and fails with it in the end.</summary>
    /// <returns>False when it is held back already, and not long enough.</returns>
    public bool HoldBack(DateTimeOffset now)
    {
        if (HeldUntil > now) return false;

        if (HeldUntil is not null)
        {
            HeldUntil = null;
            Fail(EarlierPartFailed);
            return true;
        }

        HeldUntil = now + HoldDuration;
        Error = new MessageError(WaitsForEarlierPart);
        Raise(new MessageUpdated(this));
        return true;
    }

    /// <summary>
    /// Whether what Meta shows may be this message. Files are told apart as far as Meta's words allow: it shows moving pictures as videos
    /// and voice as files, and the name and size of what it keeps are not those of what it was given.
    /// </summary>
    /// <param name="kinds">Meta's words for its attachments.</param>
    public bool CouldBeEchoOf(string? text, IReadOnlyCollection<string> kinds)
    {
        if (attachments.Count == 0) return string.Equals(Text?.Trim(), text?.Trim(), StringComparison.Ordinal);

        if (attachments[0] is { UploadedAt: not null, RemoteId: null }) return false;   // what Meta has no file of, it was not asked to send
        var (type, title) = (attachments[0].Type, attachments[0].Title);
        if (!string.IsNullOrWhiteSpace(text) && !(type is "template" && text.Trim() == title?.Trim())) return false;
        return !Telling.Contains(type) || attachments[0].IsPictureAsFile || kinds.All(kind => kind == type || !Telling.Contains(kind));
    }

    /// <summary>Meta took it: from the answer to the send, from the echo, or from the conversation read back.</summary>
    /// <param name="sentAt">Meta's time when known, else ours.</param>
    public void MarkSent(string externalId, DateTimeOffset sentAt)
    {
        ExternalId = externalId;
        SentAt ??= sentAt;
        NextAttemptAt = null;
        ClaimedUntil = null;
        Error = null;
        MoveTo(MessageStatus.Sent);
    }

    /// <summary>Its echo came before anything else told us that it was sent; what waits behind it may go.</summary>
    public void ConfirmByEcho(string externalId, DateTimeOffset metaTime)
    {
        MarkSent(externalId, metaTime);
        CorrectSentAt(metaTime);
        Raise(new MessageConfirmed(this));
    }

    /// <summary>The echo of a message whose mid we know: all it adds is Meta's time.</summary>
    public void CorrectSentAt(DateTimeOffset metaTime)
    {
        if (Direction is MessageDirection.Outbound) SentAt = metaTime;
    }

    /// <summary>Of several receipts the earliest tells when, in whatever order they come.</summary>
    public void MarkDelivered(DateTimeOffset at)
    {
        if (Status is not (MessageStatus.Sent or MessageStatus.Delivered or MessageStatus.Read)) return;
        DeliveredAt = Earlier(DeliveredAt, at);
        MoveTo(MessageStatus.Delivered);
    }

    /// <inheritdoc cref="MarkDelivered"/>
    public void MarkRead(DateTimeOffset at)
    {
        if (Status is not (MessageStatus.Sent or MessageStatus.Delivered or MessageStatus.Read)) return;
        DeliveredAt = Earlier(DeliveredAt, at);
        ReadAt = Earlier(ReadAt, at);
        MoveTo(MessageStatus.Read);
    }

    /// <summary>Meta refused, or may have: queued for another try, failed, or left sending until there is proof.</summary>
    /// <param name="jitter">A random number from 0 to 1, see <see cref="Backoff.DelayAfter"/>.</param>
    public void RecordRefusal(Refusal refusal, DateTimeOffset now, double jitter)
    {
        if (Status is not MessageStatus.Sending) return;   // an echo was faster

        switch (refusal.Class)
        {
            case RefusalClass.OutcomeUnknown:
                // It stays sending: its echo settles it, or upkeep looks for it at Meta once the claim is over.
                break;
            case RefusalClass.Rate:
                Attempts--;   // Meta did not look at the message, so this was no try
                Requeue(refusal, Conversation.Connection.PauseSends(refusal.RetryAfter, LastAttemptAt!.Value, now, jitter));
                break;
            case RefusalClass.Transient when Attempts < RetryPolicy.MaxAttempts:
                Requeue(refusal, now + (refusal.RetryAfter ?? RetryPolicy.Backoff.DelayAfter(Attempts, jitter)));
                break;
            default:
                Fail(refusal);
                break;
        }
    }

    /// <summary>The conversation read back at Meta does not hold it: the next try may begin.</summary>
    public void ConfirmNotSent(DateTimeOffset now)
    {
        if (Status is not MessageStatus.Sending || ClaimedUntil > now) return;

        if (Attempts >= RetryPolicy.MaxAttempts)
        {
            Fail(Refusal.Ours(
                RefusalClass.Transient, "Meta could not be reached.", RefusalActor.Wait, retryable: true, $"{Attempts} tries had no answer."));
            return;
        }

        ClaimedUntil = null;
        Status = MessageStatus.Queued;
        Raise(new MessageUpdated(this));
    }

    /// <summary>Proof could not be had yet; look again later.</summary>
    public void ExtendClaim(DateTimeOffset until)
    {
        if (Status is MessageStatus.Sending) ClaimedUntil = until;
    }

    /// <param name="behind">The later parts of its send: what waited for it does so anew, and what failed with it without a try of its own comes along.</param>
    /// <param name="asHumanAgent">A person stands behind it, so after the 24 hours it goes with the human-agent tag.</param>
    /// <exception cref="ConflictException">message_not_failed, channel_not_connected, connection_expired, sending_blocked</exception>
    /// <exception cref="DomainException">outside_messaging_window</exception>
    public void Retry(IEnumerable<Message> behind, bool asHumanAgent, DateTimeOffset now)
    {
        if (Status is not MessageStatus.Failed)
            throw new ConflictException("message_not_failed", "Only a failed message can be sent again.");

        Conversation.Connection.EnsureCanSend(Channel, now);
        PartNumber = 0;   // somebody wants it to go, whatever became of the parts before it
        Requeue(asHumanAgent, now);
        foreach (var part in behind.Where(p => p.HeldUntil is not null || (p.Status is MessageStatus.Failed && p.Attempts == 0))) part.Requeue(asHumanAgent, now);
    }

    public void Fail(Refusal refusal)
    {
        Error = new MessageError(refusal);
        ClaimedUntil = null;
        NextAttemptAt = null;
        Status = MessageStatus.Failed;
        Raise(new MessageUpdated(this));
    }

    /// <summary>Neither files nor stored deliveries hold anything of it any more.</summary>
    public void FinishErasure() => EraseDueAt = null;

    /// <summary>What was taken back came once more, so another stored delivery holds it.</summary>
    public void ScheduleErasureAgain(DateTimeOffset now)
    {
        if (!IsDeleted) return;
        EraseDueAt ??= now;
        Raise(new MessageUpdated(this));
    }

    private void Requeue(bool asHumanAgent, DateTimeOffset now)
    {
        _ = Conversation.RequiredTag(asHumanAgent, now);
        Tag = asHumanAgent ? MessageTag.HumanAgent : null;
        Attempts = 0;
        NextAttemptAt = null;
        HeldUntil = null;
        Error = null;
        Status = MessageStatus.Queued;
        Raise(new MessageUpdated(this));
    }

    private void Requeue(Refusal refusal, DateTimeOffset dueAt)
    {
        Error = new MessageError(refusal);   // shown while it waits
        ClaimedUntil = null;
        NextAttemptAt = dueAt;
        Status = MessageStatus.Queued;
        Raise(new MessageUpdated(this));
    }

    private void MoveTo(MessageStatus next)
    {
        // Failed is the last of the enum, but proof of sending outranks it.
        if (Status is not MessageStatus.Failed && next <= Status) return;
        Status = next;
        Raise(new MessageUpdated(this));
    }

    private void Fill(MessageContent content)
    {
        Text = content.Text;
        QuickReplyPayload = content.QuickReplyPayload;
        PostbackTitle = content.PostbackTitle;
        PostbackPayload = content.PostbackPayload;
        ReplyToExternalId = content.ReplyToExternalId;
        ReplyToStoryId = content.ReplyToStoryId;
        ReplyToStoryUrl = content.ReplyToStoryUrl;
        Referral = content.Referral;
        foreach (var attachment in content.Attachments) attachments.Add(new MessageAttachment(this, attachment, CreatedAt));
        Kind = content.PostbackTitle is not null || content.PostbackPayload is not null ? MessageKind.Postback
            : attachments.Count > 0 ? MessageKind.Media
            : string.IsNullOrEmpty(Text) ? MessageKind.Unsupported
            : MessageKind.Text;
    }

    private static DateTimeOffset Earlier(DateTimeOffset? known, DateTimeOffset at) => known < at ? known.Value : at;
}

public sealed record MessageCreated(Message Message) : DomainEvent;

public sealed record MessageUpdated(Message Message) : DomainEvent;

public sealed record MessageConfirmed(Message Message) : DomainEvent;
