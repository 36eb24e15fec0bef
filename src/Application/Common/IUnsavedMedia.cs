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
    /// <param name="media">Null when there is no file to save.</param>
    public static async Task SaveChangesAsync(this IAppDbContext db, IUnsavedMedia? media, CancellationToken cancellationToken)
    {
        if (media is null)
        {
            await db.SaveChangesAsync(cancellationToken);
            return;
        }

        await db.SaveChangesAsync(
            _ =>
            {
                media.Publish();
                return Task.CompletedTask;
            },
            cancellationToken);
        media.Keep();
    }
}
