namespace MetaMessaging.Application.Organizations;

/// <summary>
/// Erases the organizations that are being deleted, in chunks and with pauses: SQLite's one writer also stores Meta's deliveries.
/// Every step looks for what is left, so a run that ends early is continued by the next one, a minute later.
/// </summary>
[NotAudited("The request to delete the organization is audited.")]
public sealed record EraseOrganizations : IRecurringJob { string IRecurringJob.Schedule => "* * * * *"; }

internal sealed class EraseOrganizationsHandler(IAppDbContext db, OrganizationErasure erasure, TimeProvider clock)
    : AsyncRequestHandler<EraseOrganizations>
{
    private static readonly TimeSpan ChunkDelay = TimeSpan.FromMilliseconds(50);

    /// <summary>The next run starts after a minute.</summary>
    private static readonly TimeSpan MaxRun = TimeSpan.FromSeconds(55);

    protected override async Task Handle(EraseOrganizations request, CancellationToken cancellationToken)
    {
        var endsAt = clock.GetUtcNow() + MaxRun;
        var ids = await db.Organizations.Where(o => o.State == OrganizationState.Deleting).OrderBy(o => o.Id).Select(o => o.Id)
            .ToListAsync(cancellationToken);
        foreach (var id in ids)
        {
            await erasure.DisconnectAsync(id, cancellationToken);
            await erasure.AllowDeletionOfAuditAsync(id, cancellationToken);
            while (await erasure.EraseChunkAsync(id, cancellationToken))
            {
                if (clock.GetUtcNow() >= endsAt) return;
                await Task.Delay(ChunkDelay, clock, cancellationToken);
            }

            await erasure.RedactSharedDeliveriesAsync(id, cancellationToken);
            await erasure.EraseRestAsync(id, cancellationToken);
        }

        if (ids.Count > 0) await db.PurgeWriteAheadLogAsync(CancellationToken.None);
    }
}
