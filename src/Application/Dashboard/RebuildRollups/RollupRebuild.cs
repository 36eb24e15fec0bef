using MetaMessaging.Domain.Figures;

namespace MetaMessaging.Application.Dashboard;

/// <summary>See <see cref="RebuildRollups"/>.</summary>
internal sealed class RollupRebuild(IAppDbContext db, FigureRecount recount, WaitingTimesRecount waits) : IScopedService
{
    /// <returns>How many rows were wrong.</returns>
    public async Task<int> RunAsync(List<long> organizationIds, CancellationToken cancellationToken)
    {
        var corrected = await recount.RunForDeliveriesAsync(cancellationToken);
        foreach (var id in organizationIds)
        {
            await waits.RunAsync(id, cancellationToken);
            corrected += await recount.RunAsync(id, cancellationToken);
            await db.SaveChangesAsync(
                token => db.Counters.Where(c => c.OrganizationId == id && c.Name == CounterName.OutdatedRollups).ExecuteDeleteAsync(token),
                cancellationToken);
        }

        return corrected;
    }
}
