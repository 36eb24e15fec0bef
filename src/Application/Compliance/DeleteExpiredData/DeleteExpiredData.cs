namespace MetaMessaging.Application.Compliance;

/// <summary>
/// Deletes what organizations no longer keep. The audit log is left to a job of its own. Each run deletes a chunk of every kind and
/// organization, in transactions of some hundred rows, and schedules the next run a second later until nothing is left.
/// </summary>
[NotAudited("The setting that it carries out is audited.")]
public sealed record DeleteExpiredData : IRecurringJob { string IRecurringJob.Schedule => "37 2 * * *"; }

internal sealed class DeleteExpiredDataHandler(
    IAppDbContext db, ExpiredMessages messages, ExpiredFiles files, IJobs jobs, TimeProvider clock) : AsyncRequestHandler<DeleteExpiredData>
{
    private const int ChunkSize = 500;

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
                isMore |= await DeleteDeliveriesAsync(id, now.AddDays(-deliveryDays), cancellationToken);
            if (retention.MediaDays is { } mediaDays)
                isMore |= await files.DeleteAsync(id, now.AddDays(-mediaDays), mediaDays, cancellationToken);
            if (retention.MessageDays is not { } messageDays) continue;

            var before = now.AddDays(-messageDays);
            isMore |= await messages.DeleteAsync(id, before, cancellationToken);
            isMore |= await DeleteAsync(db.TimelineEntries.Expired(id, before), db.TimelineEntries, cancellationToken);
            isMore |= await DeleteAsync(db.Notes.Expired(id, before), db.Notes, cancellationToken);
        }

        if (isMore) jobs.Schedule(request, now + ChunkDelay);
    }

    private async Task<bool> DeleteDeliveriesAsync(long organizationId, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var oldest = await db.WebhookDeliveries.Oldest(organizationId).Take(ChunkSize)
            .Select(d => new { d.Id, d.ReceivedAt, d.State }).ToListAsync(cancellationToken);
        List<long> ids =
            [.. oldest.TakeWhile(d => d.ReceivedAt < before).Where(d => d.State is not WebhookDeliveryState.Pending).Select(d => d.Id)];
        if (ids.Count == 0) return false;

        // The state again, because a replay may have been asked for since.
        await db.WebhookDeliveries.Where(d => ids.Contains(d.Id) && d.State != WebhookDeliveryState.Pending)
            .ExecuteDeleteAsync(cancellationToken);
        return oldest.Count == ChunkSize;
    }

    private static async Task<bool> DeleteAsync<T>(IQueryable<T> expired, DbSet<T> all, CancellationToken cancellationToken)
        where T : Entity
    {
        var ids = await expired.Select(row => row.Id).Take(ChunkSize).ToListAsync(cancellationToken);
        if (ids.Count > 0) await all.Where(row => ids.Contains(row.Id)).ExecuteDeleteAsync(cancellationToken);
        return ids.Count == ChunkSize;
    }
}
