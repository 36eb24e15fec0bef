namespace MetaMessaging.Application.Outbound;

/// <summary>Deletes files that were uploaded to be sent and were not.</summary>
[NotAudited("Nobody has seen the files that it deletes.")]
public sealed record DeleteUnsentUploads : IRecurringJob { string IRecurringJob.Schedule => "0 3 * * *"; }

internal sealed class DeleteUnsentUploadsHandler(IAppDbContext db, IMediaStore media, TimeProvider clock)
    : AsyncRequestHandler<DeleteUnsentUploads>
{
    private static readonly TimeSpan UploadLifetime = TimeSpan.FromDays(1);

    /// <summary>The row first: a file without a row is swept later, but a row without its file would fail to send.</summary>
    protected override async Task Handle(DeleteUnsentUploads request, CancellationToken cancellationToken)
    {
        var uploadedUpTo = clock.GetUtcNow() - UploadLifetime;
        var uploads = await db.MessageAttachments.AsNoTracking()
            .Where(a => a.MessageId == null && a.UploadedAt <= uploadedUpTo).ToListAsync(cancellationToken);
        foreach (var upload in uploads)
        {
            var rows = await db.MessageAttachments.Where(a => a.Id == upload.Id && a.MessageId == null)
                .ExecuteDeleteAsync(cancellationToken);
            if (rows == 0) continue;   // it was sent since it was read
            foreach (var key in new[] { upload.StorageKey, upload.ThumbnailKey }.OfType<string>()) media.Delete(key);
        }
    }
}
