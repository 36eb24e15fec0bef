namespace MetaMessaging.Application.Common;

/// <summary>Downloaded and uploaded files, outside the database.</summary>
public interface IMediaStore
{
    Stream? OpenRead(string key);

    void Delete(string key);

    /// <summary>Lists the keys of the month's files that were stored before the given time.</summary>
    IReadOnlyList<string> KeysOf(int year, int month, DateTimeOffset keptBefore);

    /// <summary>Deletes a stored file and its thumbnail before any row refers to them.</summary>
    void Discard(StoredMedia media)
    {
        Delete(media.Key);
        if (media.ThumbnailKey is { } thumbnail) Delete(thumbnail);
    }
}

/// <summary>Downloads a file into the media store, over https, from allowed hosts at public addresses, up to a maximum size.</summary>
public interface IMediaDownloader
{
    /// <exception cref="MediaRefusedException">We do not fetch this address or file, now or later.</exception>
    Task<StoredMedia> DownloadAsync(Uri address, string type, CancellationToken cancellationToken);
}

/// <summary>Stores files that agents and API callers upload to send them.</summary>
public interface IMediaUploads
{
    /// <param name="claimedType">As the sender gave it; it only decides between audio and video, for containers that can hold both.</param>
    /// <exception cref="MediaRefusedException">The file could run code when its recipient opens it.</exception>
    /// <exception cref="MediaUnavailableException">The upload ended before the file was complete.</exception>
    Task<StoredMedia> StoreAsync(Stream content, string? fileName, string? claimedType, long maxBytes, CancellationToken cancellationToken);
}

public sealed class MediaTooLargeException(string reason) : Exception(reason);

public sealed class MediaRefusedException(string reason) : Exception(reason);

/// <param name="mayRecover">False when the address has expired or the file is gone.</param>
public sealed class MediaUnavailableException(string reason, bool mayRecover, Exception? inner = null) : Exception(reason, inner)
{
    public bool MayRecover { get; } = mayRecover;
}

internal static class MediaSaves
{
    /// <summary>Deletes the file when the save fails, for example because the message was erased meanwhile.</summary>
    public static async Task SaveOrDiscardAsync(
        this IAppDbContext db, IMediaStore store, StoredMedia? media, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch
        {
            if (media is not null) store.Discard(media);
            throw;
        }
    }
}
