namespace MetaMessaging.Application.Compliance;

/// <summary>Deletes old files. Their messages stay, and say so.</summary>
internal sealed class ExpiredFiles(IAppDbContext db, IMediaStore media) : IScopedService
{
    private const int ChunkSize = 100;

    /// <param name="before">When the message came here; history that was imported counts from the import.</param>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> DeleteAsync(long organizationId, DateTimeOffset before, int days, CancellationToken cancellationToken)
    {
        var oldest = await db.MessageAttachments.Include(a => a.Message).OldestFiles(organizationId).Take(ChunkSize)
            .ToListAsync(cancellationToken);
        var expired = oldest.TakeWhile(a => a.Message.CreatedAt < before).Where(a => !a.Message.IsPending).ToList();
        // The files first: the keys in the rows are all that leads to them.
        var keys = expired.SelectMany(a => new[] { a.StorageKey, a.ThumbnailKey }).OfType<string>().ToList();
        await media.DeleteAsync(keys, cancellationToken);
        expired.ForEach(a => a.DeleteFile(days));
        if (expired.Count > 0) await db.SaveChangesAsync(cancellationToken);
        return expired.Count > 0 && oldest.Count == ChunkSize;
    }
}
