using MetaMessaging.Domain.Figures;

namespace MetaMessaging.Application.Dashboard;

/// <summary>After an update that adds rollups the migration has marked the organizations that exist; until they are counted the dashboard
/// says that it is not complete.</summary>
[NotAudited("Nothing that people see changes.")]
public sealed record RebuildOutdatedRollups : IRecurringJob { string IRecurringJob.Schedule => "* * * * *"; }

internal sealed class RebuildOutdatedRollupsHandler(IAppDbContext db, RollupRebuild rebuild) : AsyncRequestHandler<RebuildOutdatedRollups>
{
    protected override async Task Handle(RebuildOutdatedRollups request, CancellationToken cancellationToken)
    {
        var ids = await db.Counters.Where(c => c.Name == CounterName.OutdatedRollups && c.Value > 0).OrderBy(c => c.OrganizationId)
            .Select(c => c.OrganizationId).ToListAsync(cancellationToken);
        if (ids.Count > 0) await rebuild.RunAsync(ids, cancellationToken);
    }
}
