namespace MetaMessaging.Domain.Conversations;

public enum AttachmentState
{
    /// <summary>To be downloaded, because Meta's addresses expire.</summary>
    Pending,

    /// <summary>Stored here, or a link that is not meant to be stored.</summary>
    Available,

    /// <summary>The download failed; the original address stays as a fallback.</summary>
    Failed,

    /// <summary>Not downloaded on purpose: a foreign host, or too large.</summary>
    Refused,

    /// <summary>The file was stored, and deleted when the organization's retention was over.</summary>
    Deleted,
}

/// <summary>An attachment's file and download. A base class of <see cref="MessageAttachment"/>, mapped flat (docs/adr/0020).</summary>
public abstract class AttachmentFile : Entity
{
    public const int MaxAttempts = 6;

    /// <summary>Longer than a download takes, which is a minute at most, including a renewed address and a second download.</summary>
    public static readonly TimeSpan ClaimLifetime = TimeSpan.FromMinutes(5);

    private static readonly Backoff DownloadBackoff =
        new(FirstDelay: TimeSpan.FromSeconds(5), Factor: 5, MaxDelay: TimeSpan.FromMinutes(15));

    /// <summary>Downloaded. Others stay links: pages, unknown types, and story media, which must not be archived (platform reference,
    /// Downloads → What must not be stored).</summary>
    private static readonly HashSet<string> FileTypes = ["image", "video", "audio", "file", "sticker", "media"];

    /// <summary>The address may lead to a file or a page; a page stays a link (platform reference, Downloads → Type detection).</summary>
    private static readonly HashSet<string> FileOrPageTypes = ["reel", "ig_reel", "post", "ig_post", "share", "unsupported_type"];

    protected AttachmentFile() { }

    protected AttachmentFile(string type, string? sourceUrl, DateTimeOffset now)
    {
        Type = type;
        SourceUrl = sourceUrl;
        State = AttachmentState.Available;
        if (sourceUrl is null || !(FileTypes.Contains(type) || FileOrPageTypes.Contains(type))) return;

        State = AttachmentState.Pending;
        NextAttemptAt = now;
    }

    /// <summary>Meta's type: image, video, story_mention, … or one that is not documented.</summary>
    public string Type { get; protected set; } = "";

    public AttachmentState State { get; private set; }

    public string? SourceUrl { get; private set; }

    /// <summary>When Meta was asked for a new address because the first one had expired. That is done once.</summary>
    public DateTimeOffset? AddressRenewedAt { get; private set; }

    public int Attempts { get; private set; }

    public DateTimeOffset? NextAttemptAt { get; private set; }

    /// <summary>Why the file is not stored, for ops.</summary>
    public string? Problem { get; private set; }

    public string? ContentType { get; private set; }

    public long? Size { get; private set; }

    public string? FileName { get; private set; }

    public string? StorageKey { get; private set; }

    public string? ThumbnailKey { get; private set; }

    public void RenewAddress(string? sourceUrl, DateTimeOffset now)
    {
        SourceUrl = sourceUrl ?? SourceUrl;
        AddressRenewedAt = now;
    }

    public void Store(StoredMedia media)
    {
        SetFile(media);
        NextAttemptAt = null;
        Problem = null;
        RaiseUpdated();
    }

    public void Refuse(string reason)
    {
        State = FileOrPageTypes.Contains(Type) ? AttachmentState.Available : AttachmentState.Refused;
        NextAttemptAt = null;
        Problem = reason;
        RaiseUpdated();
    }

    /// <summary>Retention is over: type, size and name remain. The address at Meta goes, because it may still lead to the file.</summary>
    public void DeleteFile(int afterDays)
    {
        State = AttachmentState.Deleted;
        StorageKey = null;
        ThumbnailKey = null;
        SourceUrl = null;
        NextAttemptAt = null;
        Problem = $"It was deleted after {afterDays} days.";
        RaiseUpdated();
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
        RaiseUpdated();
    }

    /// <summary>Starts the download over; a new address is requested again if the known one has expired.</summary>
    /// <exception cref="ConflictException">attachment_not_failed</exception>
    public void RetryDownload(DateTimeOffset now)
    {
        if (State is not AttachmentState.Failed)
            throw new ConflictException("attachment_not_failed", "Only an attachment whose download failed can be downloaded again.");

        State = AttachmentState.Pending;
        Attempts = 0;
        AddressRenewedAt = null;
        NextAttemptAt = now;
        Problem = null;
        RaiseUpdated();
    }

    protected abstract void RaiseUpdated();

    protected void SetFile(StoredMedia media)
    {
        State = AttachmentState.Available;
        StorageKey = media.Key;
        ThumbnailKey = media.ThumbnailKey;
        ContentType = media.ContentType;
        Size = media.Size;
        FileName = media.FileName;
    }

    /// <summary>Only the keys remain, which the job needs that deletes the file.</summary>
    protected void EraseSource()
    {
        SourceUrl = null;
        FileName = null;
        NextAttemptAt = null;
        Problem = null;
    }
}
