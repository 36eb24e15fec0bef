using MetaMessaging.Domain.Common;

namespace MetaMessaging.Domain.Conversations;

public enum AttachmentState
{
    /// <summary>To be downloaded, because Meta's addresses expire.</summary>
    Pending,

    /// <summary>Stored here, or a link that is not meant to be stored.</summary>
    Available,

    /// <summary>Could not be downloaded; the original address stays as fallback.</summary>
    Failed,

    /// <summary>Not fetched on purpose: a foreign host, or too large.</summary>
    Refused,
}

public sealed class MessageAttachment : Entity, IOwnedByOrganization
{
    public const int MaxAttempts = 6;

    /// <summary>A download takes a minute at most, a fresh address and a second one included; so long it is in one job's hands.</summary>
    public static readonly TimeSpan Claim = TimeSpan.FromMinutes(5);

    private static readonly Backoff DownloadBackoff =
        new(FirstDelay: TimeSpan.FromSeconds(5), Factor: 5, MaxDelay: TimeSpan.FromMinutes(15));

    /// <summary>Meta forgets an upload after 90 days (platform reference, Send API → Attachments); this side of it, it is uploaded again.</summary>
    private static readonly TimeSpan RemoteLifetime = TimeSpan.FromDays(80);

    /// <summary>
    /// Files of their own. Everything else is kept as a link: locations are pages, story media must not be archived (platform
    /// reference, Downloads → What must not be stored), and of unknown types nobody knows what is behind the address.
    /// </summary>
    private static readonly HashSet<string> Files = ["image", "video", "audio", "file", "sticker", "media"];

    /// <summary>The address may be that of a file or of a page; a page stays a link (platform reference, Downloads → Type detection).</summary>
    private static readonly HashSet<string> FilesOrPages = ["reel", "ig_reel", "post", "ig_post", "share", "unsupported_type"];

    private MessageAttachment() { }

    internal MessageAttachment(Message message, AttachmentContent content, DateTimeOffset now)
    {
        OrganizationId = message.OrganizationId;
        Message = message;
        Type = content.Type;
        SourceUrl = content.Url;
        Title = content.Title;
        Details = content.Details;
        if (content.Url is not null && (Files.Contains(content.Type) || FilesOrPages.Contains(content.Type)))
        {
            State = AttachmentState.Pending;
            NextAttemptAt = now;
            Raise(new AttachmentReceived(this));
        }
        else
        {
            State = AttachmentState.Available;
        }
    }

    /// <summary>A file that somebody means to send; it has no message yet.</summary>
    public static MessageAttachment Upload(long organizationId, StoredMedia media, DateTimeOffset now)
    {
        var upload = new MessageAttachment { OrganizationId = organizationId, Type = KindOf(media.ContentType), UploadedAt = now };
        upload.Keep(media);
        return upload;
    }

    public long OrganizationId { get; private set; }

    /// <summary>Null while an uploaded file has not been sent.</summary>
    public long? MessageId { get; private set; }

    public Message Message { get; private set; } = null!;

    /// <summary>Meta's word: image, video, story_mention, … or one never seen before.</summary>
    public string Type { get; private set; } = "";

    public AttachmentState State { get; private set; }

    public string? SourceUrl { get; private set; }

    /// <summary>When Meta was asked for a fresh address, because the first one had expired. Once is enough.</summary>
    public DateTimeOffset? AddressRenewedAt { get; private set; }

    public string? Title { get; private set; }

    /// <summary>The payload where it says more than address and title (cards, places, bookings), JSON as Meta sent it.</summary>
    public string? Details { get; private set; }

    public string? ContentType { get; private set; }

    public long? Size { get; private set; }

    public string? FileName { get; private set; }

    /// <summary>Key in the media store; null while nothing is stored.</summary>
    public string? StorageKey { get; private set; }

    public string? ThumbnailKey { get; private set; }

    public int Attempts { get; private set; }

    public DateTimeOffset? NextAttemptAt { get; private set; }

    public string? Problem { get; private set; }

    /// <summary>When somebody gave it to us to be sent; null for what came from Meta.</summary>
    public DateTimeOffset? UploadedAt { get; private set; }

    /// <summary>Meta's id of our upload, so that another try need not upload it again.</summary>
    public string? RemoteId { get; private set; }

    public DateTimeOffset? RemoteUntil { get; private set; }

    /// <summary>A picture of a kind that the channel takes as a file; Meta may show it as either.</summary>
    internal bool IsPictureAsFile => Type is "file" && ContentType?.StartsWith("image/", StringComparison.Ordinal) is true;

    /// <summary>Ours, and still to be given to Meta before it can be sent.</summary>
    public bool NeedsUpload(DateTimeOffset now) => UploadedAt is not null && (RemoteId is null || RemoteUntil <= now);

    public void RecordUpload(string id, DateTimeOffset now)
    {
        RemoteId = id;
        RemoteUntil = now + RemoteLifetime;
    }

    /// <summary>Meta does not take its own id any more.</summary>
    public void DiscardUpload()
    {
        RemoteId = null;
        RemoteUntil = null;
    }

    /// <exception cref="ConflictException">attachment_already_sent</exception>
    /// <exception cref="DomainException">attachment_not_supported</exception>
    internal void EnsureCanSend(Channel channel)
    {
        if (MessageId is not null) throw new ConflictException("attachment_already_sent", "This file belongs to a message already. Upload it again to send it again.");
        MessagingLimits.EnsureFileFits(channel, ContentType!, Size!.Value);
    }

    internal void SendWith(Message message)
    {
        Message = message;
        Type = MessagingLimits.EnsureFileFits(message.Channel, ContentType!, Size!.Value);
    }

    /// <summary>Its message was taken back: only what is needed to delete the file stays.</summary>
    internal void Forget()
    {
        SourceUrl = null;
        Title = null;
        Details = null;
        FileName = null;
        NextAttemptAt = null;
        Problem = null;
    }

    public void Store(StoredMedia media)
    {
        Keep(media);
        NextAttemptAt = null;
        Problem = null;
        Raise(new MessageUpdated(Message));
    }

    public void RenewAddress(string? sourceUrl, DateTimeOffset now)
    {
        SourceUrl = sourceUrl ?? SourceUrl;
        AddressRenewedAt = now;
    }

    public void Refuse(string reason)
    {
        State = FilesOrPages.Contains(Type) ? AttachmentState.Available : AttachmentState.Refused;
        NextAttemptAt = null;
        Problem = reason;
        Raise(new MessageUpdated(Message));
    }

    /// <summary>Six attempts, 5 s, 25 s, 2 min, 10 min and 15 min apart (platform reference, Downloads → Expiry).</summary>
    public void RecordFailedDownload(string reason, bool mayRecover, DateTimeOffset now)
    {
        Problem = reason;
        if (mayRecover && ++Attempts < MaxAttempts)
        {
            NextAttemptAt = now + DownloadBackoff.DelayAfter(Attempts);
            return;
        }

        State = AttachmentState.Failed;
        NextAttemptAt = null;
        Raise(new MessageUpdated(Message));
    }

    private static string KindOf(string contentType) => contentType.Split('/')[0] is var kind and ("image" or "video" or "audio") ? kind : "file";

    private void Keep(StoredMedia media)
    {
        State = AttachmentState.Available;
        StorageKey = media.Key;
        ThumbnailKey = media.ThumbnailKey;
        ContentType = media.ContentType;
        Size = media.Size;
        FileName = media.FileName;
    }
}

public sealed record AttachmentReceived(MessageAttachment Attachment) : DomainEvent;
