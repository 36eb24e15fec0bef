namespace MetaMessaging.Application.Audit;

/// <summary>Deletes the entries that are older than their organization keeps them. Only an organization that ends loses entries otherwise,
/// and nothing changes them.</summary>
[NotAudited("The setting that it carries out is audited.")]
public sealed record DeleteOldAuditEntries : IRecurringJob { string IRecurringJob.Schedule => "40 3 * * *"; }

internal sealed class DeleteOldAuditEntriesHandler(IAppDbContext db, ChunkedDeletion deletion, TimeProvider clock)
    : AsyncRequestHandler<DeleteOldAuditEntries>
{
    protected override async Task Handle(DeleteOldAuditEntries request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        foreach (var organization in await db.Organizations.Where(o => o.Retention.AuditDays != null).ToListAsync(cancellationToken))
        {
            var keepFrom = now.AddDays(-organization.Retention.AuditDays!.Value);
            organization.AllowDeletionOfAudit(keepFrom);   // SQLite's trigger reads it, so the first chunk's transaction saves it first
            await deletion.DeleteAsync(
                db.AuditEntries.Where(e => e.OrganizationId == organization.Id && e.At < keepFrom).OrderBy(e => e.At), db.AuditEntries,
                cancellationToken);
        }
    }
}
