namespace MetaMessaging.Infrastructure.Media;

internal sealed class UnsavedMedia : IUnsavedMedia
{
    private readonly MediaDraft file;
    private readonly MediaDraft? thumbnail;

    private UnsavedMedia(StoredMedia media, MediaDraft file, MediaDraft? thumbnail)
    {
        (this.file, this.thumbnail) = (file, thumbnail);
        Media = media;
    }

    public StoredMedia Media { get; }

    /// <param name="thumbnails">Null when none is needed.</param>
    public static async Task<IUnsavedMedia> CreateAsync(MediaDraft file, string contentType, string fileName, Thumbnails? thumbnails)
    {
        var thumbnail = thumbnails is not null && Thumbnails.CanBeMadeOf(contentType) ? await thumbnails.TryMakeAsync(file) : null;
        return new UnsavedMedia(new StoredMedia(file.Key, thumbnail?.Key, contentType, file.Length, fileName), file, thumbnail);
    }

    public void Publish()
    {
        file.Publish();
        thumbnail?.Publish();
    }

    public void Keep()
    {
        file.Keep();
        thumbnail?.Keep();
    }

    public async ValueTask DisposeAsync()
    {
        await file.DisposeAsync();
        if (thumbnail is not null) await thumbnail.DisposeAsync();
    }
}
