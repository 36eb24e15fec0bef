namespace MetaMessaging.Application.Audit;

/// <summary>
/// Deletes the entries that are older than their organization keeps them, at most 1,000 rows of each a second: SQLite's one writer also
/// stores Meta's deliveries. Only an organization that ends loses entries otherwise, and nothing changes them.
/// </summary>
[NotAudited("The setting that it carries out is audited.")]
public sealed record DeleteOldAuditEntries : IRecurringJob { string IRecurringJob.Schedule => "40 3 * * *"; }

internal sealed class DeleteOldAuditEntriesHandler(IAppDbContext db, IJobs jobs, TimeProvider clock)
    : AsyncRequestHandler<DeleteOldAuditEntries>
{
    private const int ChunkSize = 1000;

    private static readonly TimeSpan ChunkDelay = TimeSpan.FromSeconds(1);

    protected override async Task Handle(DeleteOldAuditEntries request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var isDone = true;
        foreach (var organization in await db.Organizations.Where(o => o.Retention.AuditDays != null).ToListAsync(cancellationToken))
        {
            var keepFrom = now.AddDays(-organization.Retention.AuditDays!.Value);
            isDone &= await DeleteChunkAsync(organization, keepFrom, cancellationToken) < ChunkSize;
        }

        if (!isDone) jobs.Schedule(request, now + ChunkDelay);
    }

    private async Task<int> DeleteChunkAsync(Organization organization, DateTimeOffset keepFrom, CancellationToken cancellationToken)
    {
        var ids = await db.AuditEntries.Where(e => e.OrganizationId == organization.Id && e.At < keepFrom)
            .OrderBy(e => e.At).Select(e => e.Id).Take(ChunkSize).ToListAsync(cancellationToken);
        if (ids.Count == 0) return 0;

        organization.AllowDeletionOfAudit(keepFrom);   // SQLite's trigger reads it, so it is saved first, in the same transaction
        await db.SaveChangesAsync(
            token => db.AuditEntries.Where(e => ids.Contains(e.Id)).ExecuteDeleteAsync(token), cancellationToken);
        return ids.Count;
    }
}
