namespace MetaMessaging.Application.Compliance;

/// <summary>Deletes what organizations no longer keep. The audit log is left to a job of its own.</summary>
[NotAudited("The setting that it carries out is audited.")]
public sealed record DeleteExpiredData : IRecurringJob { string IRecurringJob.Schedule => "37 2 * * *"; }

internal sealed class DeleteExpiredDataHandler(
    IAppDbContext db, ChunkedDeletion deletion, ExpiredMessages messages, ExpiredFiles files, IJobs jobs, TimeProvider clock)
    : AsyncRequestHandler<DeleteExpiredData>
{
    /// <summary>Files are deleted a hundred a run, and the next run starts after this.</summary>
    private static readonly TimeSpan ChunkDelay = TimeSpan.FromSeconds(1);

    protected override async Task Handle(DeleteExpiredData request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var organizations = await db.Organizations.AsNoTracking().ToListAsync(cancellationToken);
        var isMore = false;
        foreach (var organization in organizations)
        {
            var (id, retention) = (organization.Id, organization.Retention);
            // First what a replay could read messages from again.
            if (retention.EffectiveDeliveryDays() is { } deliveryDays)
                await DeleteDeliveriesAsync(id, now.AddDays(-deliveryDays), cancellationToken);
            if (retention.MediaDays is { } mediaDays)
                isMore |= await files.DeleteAsync(id, now.AddDays(-mediaDays), mediaDays, cancellationToken);
            if (retention.MessageDays is not { } messageDays) continue;

            var before = now.AddDays(-messageDays);
            await messages.DeleteAsync(id, before, cancellationToken);
            await deletion.DeleteAsync(db.TimelineEntries.Expired(id, before), db.TimelineEntries, cancellationToken);
            await deletion.DeleteAsync(db.Notes.Expired(id, before), db.Notes, cancellationToken);
        }

        if (isMore) jobs.Schedule(request, now + ChunkDelay);
    }

    private async Task DeleteDeliveriesAsync(long organizationId, DateTimeOffset before, CancellationToken cancellationToken)
    {
        // Ids are in the order in which deliveries came, except that two nodes' clocks differ: both together find the end at once.
        var lastId = await db.WebhookDeliveries.Where(d => d.ReceivedAt < before)
            .OrderByDescending(d => d.ReceivedAt).Select(d => (long?)d.Id).FirstOrDefaultAsync(cancellationToken);
        if (lastId is not { } last) return;

        var finished = db.WebhookDeliveries.Where(d => d.State != WebhookDeliveryState.Pending);
        await deletion.DeleteAsync(
            finished.Where(d => d.OrganizationId == organizationId && d.Id <= last && d.ReceivedAt < before).OrderBy(d => d.Id),
            db.DeleteDeliveriesAsync, cancellationToken);
    }
}
