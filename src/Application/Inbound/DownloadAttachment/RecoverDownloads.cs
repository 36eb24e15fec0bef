namespace MetaMessaging.Application.Inbound;

internal sealed class RecoverDownloads(IAppDbContext db, IJobs jobs) : IRecovery
{
    public async Task RecoverAsync(DateTimeOffset now, DateTimeOffset horizon, CancellationToken cancellationToken)
    {
        var attachments = await db.MessageAttachments.Where(a => a.NextAttemptAt <= horizon)
            .OrderBy(a => a.NextAttemptAt).Select(a => new { a.Id, DueAt = a.NextAttemptAt!.Value })
            .Take(IRecovery.MaxPerRun).ToListAsync(cancellationToken);
        foreach (var attachment in attachments) jobs.Schedule(new DownloadAttachment(attachment.Id), attachment.DueAt);
    }
}
