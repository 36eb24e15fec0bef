namespace MetaMessaging.Application.Dashboard;

/// <summary>
/// Counts every rollup and counter anew, while the app runs. An organization's day is counted and compared in one snapshot, and only the
/// difference is added to the rows. What other transactions add meanwhile stays in them, so nobody has to wait.
/// </summary>
[NotAudited("Nothing that people see changes, unless a figure was wrong.")]
public sealed record RebuildRollups : IRequest<RebuiltRollups>;

/// <param name="CorrectedRows">Rows that held another number than was counted; 0 when all were right.</param>
public sealed record RebuiltRollups(int Organizations, int CorrectedRows);

internal sealed class RebuildRollupsHandler(IAppDbContext db, RollupRebuild rebuild) : IRequestHandler<RebuildRollups, RebuiltRollups>
{
    public async Task<RebuiltRollups> Handle(RebuildRollups request, CancellationToken cancellationToken)
    {
        var ids = await db.Organizations.OrderBy(o => o.Id).Select(o => o.Id).ToListAsync(cancellationToken);
        return new RebuiltRollups(ids.Count, await rebuild.RunAsync(ids, cancellationToken));
    }
}
