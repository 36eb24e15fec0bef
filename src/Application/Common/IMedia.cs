using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;

namespace MetaMessaging.Application.Common;

/// <summary>Downloaded and uploaded files, outside the database.</summary>
public interface IMediaStore
{
    /// <returns>Null when it is gone.</returns>
    Stream? OpenRead(string key);

    /// <summary>Nothing happens when it is gone already.</summary>
    void Delete(string key);

    /// <summary>The keys of that month's files that were complete before that time.</summary>
    IReadOnlyList<string> KeysOf(int year, int month, DateTimeOffset keptBefore);

    /// <summary>A file that no row will ever name.</summary>
    void Discard(StoredMedia media)
    {
        Delete(media.Key);
        if (media.ThumbnailKey is { } thumbnail) Delete(thumbnail);
    }
}

/// <summary>Fetches a file from Meta's hosts into the media store: allowed hosts and public addresses only, https, limited in size.</summary>
public interface IMediaDownloader
{
    /// <param name="type">Meta's word for what it should be, see <see cref="MessageAttachment.Type"/>.</param>
    /// <exception cref="MediaRefusedException">It must not or cannot be fetched, now or ever.</exception>
    /// <exception cref="MediaUnavailableException">It could not be fetched this time.</exception>
    Task<StoredMedia> DownloadAsync(Uri address, string type, CancellationToken cancellationToken);
}

/// <summary>Takes files that people want to send into the media store.</summary>
public interface IMediaUploads
{
    /// <param name="claimedType">What the sender says that it is: it decides for sound in a container that could hold pictures, and nothing else.</param>
    /// <exception cref="MediaTooLargeException">It is larger than the limit.</exception>
    /// <exception cref="MediaRefusedException">It is of a kind that nobody should be sent.</exception>
    /// <exception cref="MediaUnavailableException">It ended before it was complete.</exception>
    Task<StoredMedia> StoreAsync(Stream content, string? fileName, string? claimedType, long maxBytes, CancellationToken cancellationToken);
}

public sealed class MediaTooLargeException(string reason) : Exception(reason);

public sealed class MediaRefusedException(string reason) : Exception(reason);

/// <param name="mayRecover">False when the address has expired or the file is gone.</param>
public sealed class MediaUnavailableException(string reason, bool mayRecover, Exception? inner = null) : Exception(reason, inner)
{
    public bool MayRecover { get; } = mayRecover;
}
