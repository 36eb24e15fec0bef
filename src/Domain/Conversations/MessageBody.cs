namespace MetaMessaging.Domain.Conversations;

/// <summary>What a message says, and how its author edited or unsent it. A base class of <see cref="Message"/> (docs/adr/0020).</summary>
public abstract class MessageBody : Entity
{
    public MessageKind Kind { get; private set; }

    public string? Text { get; private set; }

    public string? QuickReplyPayload { get; private set; }

    public string? PostbackTitle { get; private set; }

    public string? PostbackPayload { get; private set; }

    /// <summary>The mid of the message that this one answers; that message may be unknown here.</summary>
    public string? ReplyToExternalId { get; private set; }

    public long? ReplyToMessageId { get; private set; }

    /// <summary>The Instagram story that this one answers; its address expires with the story.</summary>
    public string? ReplyToStoryId { get; private set; }

    public string? ReplyToStoryUrl { get; private set; }

    /// <summary>The link, ad or product that the customer came from, JSON as Meta sent it.</summary>
    public string? Referral { get; private set; }

    /// <summary>The buttons that the customer may tap below the message; null for none.</summary>
    public IReadOnlyList<QuickReply>? QuickReplies { get; private set; }

    /// <summary>Meta's num_edit of the text shown; 0 when it was never edited.</summary>
    public int EditCount { get; private set; }

    public DateTimeOffset? EditedAt { get; private set; }

    /// <summary>When its author unsent it. The content is removed then, and the row stays.</summary>
    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>When files and stored webhook deliveries are to be cleared of what was unsent; null when they are.</summary>
    public DateTimeOffset? EraseDueAt { get; private set; }

    public bool IsDeleted => DeletedAt is not null;

    /// <param name="target">A saved message: a new one has no id yet.</param>
    public void LinkReplyTarget(Message target) => ReplyToMessageId = target.Id;

    /// <summary>The author changed the text. Edits may come in any order; the one with the highest count stays.</summary>
    /// <returns>False when this edit, or a later one, is known already.</returns>
    public bool Edit(string text, int editCount, DateTimeOffset at)
    {
        if (IsDeleted || editCount < EditCount) return false;
        if (editCount == EditCount && (at < EditedAt || (at == EditedAt && string.CompareOrdinal(text, Text) <= 0))) return false;

        Text = text;
        EditCount = editCount;
        EditedAt = at;
        if (Kind is MessageKind.Unsupported) Kind = MessageKind.Text;
        RaiseUpdated();
        return true;
    }

    /// <returns>False when that is known already.</returns>
    public virtual bool Unsend(DateTimeOffset at, DateTimeOffset now)
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
        RaiseUpdated();
        return true;
    }

    /// <summary>Neither files nor stored webhook deliveries contain anything of the unsent message any more.</summary>
    public void FinishErasure() => EraseDueAt = null;

    /// <summary>An unsent message was delivered once more, so one more stored webhook delivery contains it.</summary>
    public void ScheduleErasureAgain(DateTimeOffset now)
    {
        if (!IsDeleted) return;
        EraseDueAt ??= now;
        RaiseUpdated();
    }

    protected abstract void RaiseUpdated();

    private protected void SetContent(MessageContent content)
    {
        Text = content.Text;
        QuickReplyPayload = content.QuickReplyPayload;
        PostbackTitle = content.PostbackTitle;
        PostbackPayload = content.PostbackPayload;
        ReplyToExternalId = content.ReplyToExternalId;
        ReplyToStoryId = content.ReplyToStoryId;
        ReplyToStoryUrl = content.ReplyToStoryUrl;
        Referral = content.Referral;
        Kind = content.IsPostback ? MessageKind.Postback
            : content.IsUnsupported ? MessageKind.Unsupported
            : content.Attachments.Any(a => a is not { Type: "unsupported_type", Url: null }) ? MessageKind.Media
            : string.IsNullOrEmpty(Text) ? MessageKind.Unsupported
            : MessageKind.Text;
    }

    /// <summary>Adds what only one of two deliveries of the same message told.</summary>
    /// <returns>Whether there was something to add.</returns>
    private protected bool AddContent(MessageContent content)
    {
        var before = (PostbackTitle, PostbackPayload, QuickReplyPayload, Referral);
        PostbackTitle ??= content.PostbackTitle;
        PostbackPayload ??= content.PostbackPayload;
        QuickReplyPayload ??= content.QuickReplyPayload;
        Referral ??= content.Referral;
        return before != (PostbackTitle, PostbackPayload, QuickReplyPayload, Referral);
    }

    private protected void SetContent(OutgoingPart part)
    {
        Text = part.Text;
        QuickReplies = part.QuickReplies;
        ReplyToExternalId = part.ReplyTo?.ExternalId;
        ReplyToMessageId = part.ReplyTo?.Id;
        Kind = part.Text is null ? MessageKind.Media : MessageKind.Text;
    }
}
