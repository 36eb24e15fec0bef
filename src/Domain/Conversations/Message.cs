using MetaMessaging.Domain.Connections;

namespace MetaMessaging.Domain.Conversations;

/// <summary>One message, received or sent. What we send is queued in this row, too (see <see cref="MessageDelivery"/>).</summary>
public sealed class Message : MessageDelivery, IOwnedByOrganization, IVersioned
{
    private const string MetadataPrefix = "mm:";

    /// <summary>The types that Meta's echo names exactly; it may show a video or a voice message as any other type.</summary>
    private static readonly HashSet<string> ExactlyEchoedTypes = ["image", "file", "template"];

    private readonly List<MessageAttachment> attachments = [];
    private readonly List<MessageReaction> reactions = [];

    private Message() { }

    private Message(
        Conversation conversation, MessageDirection direction, MessageOrigin origin, MessageStatus status, string? externalId,
        DateTimeOffset occurredAt, DateTimeOffset now)
        : base(status, externalId, sentAt: status is MessageStatus.Queued ? null : occurredAt)
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

    public MessageDirection Direction { get; private set; }

    public MessageOrigin Origin { get; private set; }

    public long? SenderId { get; private set; }

    public string? SenderName { get; private set; }

    /// <summary>Set when a person wrote the message; sent to Meta only after the 24 hours.</summary>
    public MessageTag? Tag { get; private set; }

    /// <summary>Common to the parts of one send; null for what was not sent from here.</summary>
    public string? SendId { get; private set; }

    /// <summary>The position in the send: a part is sent once the parts with lower numbers are. Number 0 waits for none.</summary>
    public int PartNumber { get; private set; }

    /// <summary>Sent as Meta's message.metadata and returned in the echo, which it identifies as the echo of this message.</summary>
    public string? Metadata { get; private set; }

    /// <summary>The position in the thread: Meta's time for what was received, ours for what is sent.</summary>
    public DateTimeOffset OccurredAt { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>The webhook delivery that contained the message; null for what was sent from here.</summary>
    public long? WebhookDeliveryId { get; private set; }

    /// <summary>Which event of that delivery, counted from 0.</summary>
    public int? WebhookEventIndex { get; private set; }

    /// <summary>The conversation's <see cref="UnreadCounter.InboundCount"/> with this message; null for what was sent.</summary>
    public int? InboundNumber { get; internal set; }

    public int Version { get; private set; }

    public IReadOnlyList<MessageAttachment> Attachments => attachments;

    public IReadOnlyList<MessageReaction> Reactions => reactions;

    /// <summary>Voice and video have a far smaller allowance at Meta than all else (platform reference, Send API → Limits).</summary>
    public bool IsAudioOrVideo => attachments.Exists(a => a.Type is "audio" or "video");

    /// <summary>Written by a person, or sent in the name of one.</summary>
    public bool IsByHuman => Origin is MessageOrigin.Agent || Tag is MessageTag.HumanAgent;

    protected override PageConnection Page => Conversation.Connection;

    public static Message Receive(
        Conversation conversation, string? externalId, MessageContent content, DateTimeOffset occurredAt, DateTimeOffset now)
    {
        var message = new Message(
            conversation, MessageDirection.Inbound, MessageOrigin.Contact, MessageStatus.Received, externalId, occurredAt, now);
        message.SetContent(content);
        message.attachments.AddRange(content.Attachments.Select(a => new MessageAttachment(message, a, now)));
        return message;
    }

    /// <summary>A message that another app, or somebody in Meta's own inbox, sent; only its echo is known.</summary>
    public static Message FromEcho(
        Conversation conversation, string externalId, MessageContent content, string? senderName, DateTimeOffset occurredAt,
        DateTimeOffset now)
    {
        var message = new Message(
            conversation, MessageDirection.Outbound, MessageOrigin.External, MessageStatus.Sent, externalId, occurredAt, now)
        {
            SenderName = senderName,
        };
        message.SetContent(content);
        message.attachments.AddRange(content.Attachments.Select(a => new MessageAttachment(message, a, now)));
        return message;
    }

    internal static Message Queue(Conversation conversation, OutgoingPart part, MessageTag? tag, Sender sender, DateTimeOffset now)
    {
        // The thread is ordered by time, so the parts are a millisecond apart.
        var occurredAt = now.AddMilliseconds(part.Number);
        var message = new Message(conversation, MessageDirection.Outbound, sender.Origin, MessageStatus.Queued, null, occurredAt, now)
        {
            Tag = tag,
            SendId = part.SendId,
            PartNumber = part.Number,
            SenderId = sender.Id,
            SenderName = sender.Name,
            Metadata = MetadataPrefix + Guid.NewGuid().ToString("N"),
        };
        message.SetContent(part);
        if (part.File is { } file) message.attachments.Add(file.AttachTo(message));
        if (part.Template is { } template) message.attachments.Add(MessageAttachment.FromTemplate(message, template, now));
        return message;
    }

    public void LinkWebhookEvent(long deliveryId, int eventIndex)
    {
        if (deliveryId == 0) return;
        WebhookDeliveryId = deliveryId;
        WebhookEventIndex = eventIndex;
    }

    /// <summary>
    /// Whether an event is about this message although one of the two has no mid: one tap may come twice, with the mid and the payload in
    /// one of them only (platform reference, Webhooks → Hand-over and standby).
    /// </summary>
    /// <param name="mid">Of the event, which has this message's time and customer; null when it has none.</param>
    public bool IsDescribedBy(string? mid, MessageContent content)
    {
        if (Direction is not MessageDirection.Inbound) return false;
        if (mid is not null && ExternalId is not null) return mid == ExternalId;
        if (IsDeleted) return true;
        if (content.IsPostback != Kind is MessageKind.Postback) return false;
        return content.IsPostback
            ? DoNotDiffer(PostbackTitle, content.PostbackTitle) && DoNotDiffer(PostbackPayload, content.PostbackPayload)
            : Text == content.Text && attachments.Select(a => a.SourceUrl).SequenceEqual(content.Attachments.Select(a => a.Url));

        static bool DoNotDiffer(string? known, string? told) => known is null || told is null || known == told;
    }

    /// <summary>Adds what the event tells beyond what an earlier event about the same message told.</summary>
    /// <inheritdoc cref="IsDescribedBy"/>
    /// <returns>Whether there was something to add.</returns>
    public bool Complete(string? mid, MessageContent content)
    {
        if (IsDeleted || (!AddContent(content) && (mid is null || ExternalId is not null))) return false;

        ExternalId ??= mid;
        RaiseUpdated();
        return true;
    }

    /// <summary>A job deletes the files of an unsent message; until then the attachments' rows only say where these are.</summary>
    /// <inheritdoc/>
    public override bool Unsend(DateTimeOffset at, DateTimeOffset now)
    {
        var wasDeleted = IsDeleted;
        if (!base.Unsend(at, now)) return false;

        if (!wasDeleted && InboundNumber is { } number) Conversation.RecordWithdrawal(number);
        attachments.ForEach(a => a.EraseContent());
        foreach (var reaction in reactions)
        {
            if (reaction is { Emoji: not null, InboundNumber: { } counted }) Conversation.RecordWithdrawal(counted);
            reaction.Remove();
        }

        return true;
    }

    /// <summary>Sets the one reaction that an actor has on a message; null removes it.</summary>
    /// <returns>The reaction; null when a later one is known.</returns>
    public MessageReaction? React(ReactionActor actor, string? emoji, DateTimeOffset at)
    {
        if (IsDeleted) emoji = null;
        var reaction = reactions.Find(r => r.Actor == actor);
        if (reaction is null) reactions.Add(reaction = new MessageReaction(this, actor, emoji, at));
        else if (!reaction.TryChange(emoji, at)) return null;

        RaiseUpdated();
        return reaction;
    }

    /// <summary>The customer's first reaction to the message counts as unread, as long as it is not removed.</summary>
    public void ReactAsContact(string? emoji, DateTimeOffset at)
    {
        var wasRemoved = reactions.Exists(r => r is { Actor: ReactionActor.Contact, Emoji: null });
        if (React(ReactionActor.Contact, emoji, at) is not { } reaction) return;

        var number = reaction.InboundNumber ??= Conversation.RecordReaction();
        var isRemoved = reaction.Emoji is null;
        if (isRemoved && !wasRemoved) Conversation.RecordWithdrawal(number);
        else if (wasRemoved && !isRemoved) Conversation.RevokeWithdrawal(number);
    }

    /// <summary>Records our own reaction after Meta accepted it: it is the latest of ours, even if the clocks differ.</summary>
    public void ReactAsBusiness(string? emoji, DateTimeOffset now)
    {
        var before = reactions.Find(r => r.Actor is ReactionActor.Business)?.At;
        React(ReactionActor.Business, emoji, before >= now ? before.Value.AddMilliseconds(1) : now);
    }

    /// <summary>Takes over what happened to the row that was made from this message's echo, before the echo was recognized.</summary>
    public void MergeDuplicate(Message duplicate, DateTimeOffset now)
    {
        if (duplicate.EditedAt is { } editedAt) Edit(duplicate.Text ?? "", duplicate.EditCount, editedAt);
        foreach (var reaction in duplicate.reactions)
        {
            if (React(reaction.Actor, reaction.Emoji, reaction.At) is { } own) own.InboundNumber ??= reaction.InboundNumber;
        }

        if (duplicate.DeletedAt is { } deletedAt) Unsend(deletedAt, now);
    }

    /// <summary>The tag that Meta asks for at this time: a message may have waited until the 24 hours were over.</summary>
    /// <inheritdoc cref="Conversation.RequiredTag"/>
    public MessageTag? RequiredTag(DateTimeOffset now) => Conversation.RequiredTag(IsByHuman, now);

    /// <summary>Meta did not accept the uploaded file, so the next attempt uploads it again.</summary>
    public void DiscardUpload() => attachments.ForEach(a => a.DiscardUpload());

    /// <summary>Compares files by type only: Meta shows animated pictures as videos, voice messages as files, and renames them.</summary>
    public bool CouldBeEchoOf(string? text, IReadOnlyCollection<string> types)
    {
        if (attachments.Count == 0) return string.Equals(Text?.Trim(), text?.Trim(), StringComparison.Ordinal);

        var own = attachments[0];
        if (own is { UploadedAt: not null, RemoteId: null }) return false;   // without an upload the message cannot have been sent
        if (!string.IsNullOrWhiteSpace(text) && !(own.Type is "template" && text.Trim() == own.Title?.Trim())) return false;
        return !ExactlyEchoedTypes.Contains(own.Type)
            || own.IsPictureAsFile
            || types.All(type => type == own.Type || !ExactlyEchoedTypes.Contains(type));
    }

    /// <summary>The echo is the first confirmation that the message was sent, so the messages behind it may be sent now.</summary>
    public void ConfirmByEcho(string externalId, DateTimeOffset metaTime)
    {
        MarkSent(externalId, metaTime);
        CorrectSentAt(metaTime);
        Raise(new MessageConfirmed(this));
    }

    /// <summary>Queues a failed message again, with the later parts of its send that waited for it or failed without an attempt.</summary>
    /// <param name="asHumanAgent">A person asks for it, so after the 24 hours it is sent with the human-agent tag.</param>
    /// <exception cref="ConflictException">message_not_failed, channel_not_connected, connection_expired, sending_blocked</exception>
    /// <exception cref="DomainException">outside_messaging_window</exception>
    public void Retry(IEnumerable<Message> laterParts, bool asHumanAgent, DateTimeOffset now)
    {
        if (Status is not MessageStatus.Failed)
            throw new ConflictException("message_not_failed", "Only a failed message can be sent again.");

        Page.EnsureCanSend(Channel, now);
        PartNumber = 0;   // it no longer waits for the parts before it
        Requeue(asHumanAgent, now);
        foreach (var part in laterParts.Where(p => p.HeldUntil is not null || p is { Status: MessageStatus.Failed, Attempts: 0 }))
            part.Requeue(asHumanAgent, now);
    }

    protected override bool NeedsUpload(DateTimeOffset now) => attachments.Exists(a => a.NeedsUpload(now));

    protected override void RaiseUpdated() => Raise(new MessageUpdated(this));

    private void Requeue(bool asHumanAgent, DateTimeOffset now)
    {
        _ = Conversation.RequiredTag(asHumanAgent, now);   // throws outside the window
        Tag = asHumanAgent ? MessageTag.HumanAgent : null;
        RequeueFromStart();
    }
}

public sealed record MessageCreated(Message Message) : DomainEvent;

public sealed record MessageUpdated(Message Message) : DomainEvent;

public sealed record MessageConfirmed(Message Message) : DomainEvent;
