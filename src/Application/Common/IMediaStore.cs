namespace MetaMessaging.Application.Common;

/// <summary>Downloaded and uploaded files, outside the database.</summary>
public interface IMediaStore
{
    /// <returns>Why no file can be stored; null when one can.</returns>
    string? FindProblem();

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
