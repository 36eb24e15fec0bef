namespace MetaMessaging.Application.Operations;

/// <summary>What monitoring watches beside the deliveries, of the whole installation.</summary>
public sealed record GetInstallationFigures : IRequest<InstallationFigures>;

/// <param name="IsReady">As readiness says: the database and the media can be written.</param>
/// <param name="FreeBytes">On the disk of SQLite's file; null on SQL Server.</param>
/// <param name="FailedJobs">That nobody has started again or deleted.</param>
public sealed record InstallationFigures(
    bool IsReady, long? FreeBytes, long FailedJobs, IReadOnlyDictionary<ConnectionState, int> Connections);

internal sealed class GetInstallationFiguresHandler(IAppDbContext db, IStorageHealth storage, IJobHistory jobs)
    : IRequestHandler<GetInstallationFigures, InstallationFigures>
{
    public async Task<InstallationFigures> Handle(GetInstallationFigures request, CancellationToken cancellationToken)
    {
        // Monitoring is the installation's: the figures name no organization.
        var counted = await db.Connections.IgnoreQueryFilters()
            .GroupBy(c => c.State).Select(g => new { State = g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.State, g => g.Count, cancellationToken);
        return new InstallationFigures(
            await storage.FindProblemAsync(cancellationToken) is null, storage.FreeBytes, jobs.CountFailed(),
            Enum.GetValues<ConnectionState>().ToDictionary(state => state, state => counted.GetValueOrDefault(state)));
    }
}
