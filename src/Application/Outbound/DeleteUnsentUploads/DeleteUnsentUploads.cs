namespace MetaMessaging.Application.Outbound;

/// <summary>Deletes files that were uploaded to be sent and were not.</summary>
[NotAudited("Nobody has seen the files that it deletes.")]
public sealed record DeleteUnsentUploads : IRecurringJob { string IRecurringJob.Schedule => "0 3 * * *"; }

internal sealed class DeleteUnsentUploadsHandler(IAppDbContext db, IMediaStore media, TimeProvider clock)
    : AsyncRequestHandler<DeleteUnsentUploads>
{
    private const int ChunkSize = 500;

    private static readonly TimeSpan UploadLifetime = TimeSpan.FromDays(1);

    /// <summary>The row first: a file without a row is swept later, but a row without its file would fail to send.</summary>
    protected override async Task Handle(DeleteUnsentUploads request, CancellationToken cancellationToken)
    {
        var uploadedUpTo = clock.GetUtcNow() - UploadLifetime;
        List<Upload> uploads;
        do
        {
            uploads = await db.MessageAttachments.Where(a => a.MessageId == null && a.UploadedAt <= uploadedUpTo)
                .OrderBy(a => a.UploadedAt).Select(a => new Upload(a.Id, a.StorageKey, a.ThumbnailKey)).Take(ChunkSize)
                .ToListAsync(cancellationToken);
            foreach (var upload in uploads) await DeleteAsync(upload, cancellationToken);
        }
        while (uploads.Count == ChunkSize);
    }

    private async Task DeleteAsync(Upload upload, CancellationToken cancellationToken)
    {
        var rows = await db.MessageAttachments.Where(a => a.Id == upload.Id && a.MessageId == null).ExecuteDeleteAsync(cancellationToken);
        if (rows == 0) return;   // it was sent since it was read
        await media.DeleteAsync([.. new[] { upload.StorageKey, upload.ThumbnailKey }.OfType<string>()], cancellationToken);
    }

    private sealed record Upload(long Id, string? StorageKey, string? ThumbnailKey);
}
