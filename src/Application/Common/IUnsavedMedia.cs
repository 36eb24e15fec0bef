namespace MetaMessaging.Application.Common;

/// <summary>A complete file that no row names yet. It is deleted when it is disposed before <see cref="Keep"/>.</summary>
public interface IUnsavedMedia : IAsyncDisposable
{
    StoredMedia Media { get; }

    /// <summary>Gives the file its key, within the transaction that saves the row.</summary>
    void Publish();

    /// <summary>The row is saved.</summary>
    void Keep();
}

internal static class MediaSaves
{
    /// <summary>When the message or contact has been erased meanwhile, the save fails before the file gets its key.</summary>
    public static async Task SaveChangesAsync(
        this IAppDbContext db, IReadOnlyCollection<IUnsavedMedia> media, CancellationToken cancellationToken)
    {
        if (media.Count == 0)
        {
            await db.SaveChangesAsync(cancellationToken);
            return;
        }

        await db.SaveChangesAsync(
            _ =>
            {
                foreach (var file in media) file.Publish();
                return Task.CompletedTask;
            },
            cancellationToken);
        foreach (var file in media) file.Keep();
    }
}
