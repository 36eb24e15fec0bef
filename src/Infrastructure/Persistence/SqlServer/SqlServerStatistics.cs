namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>SQL Server counts anew by itself, once enough of a table's rows have changed (AUTO_UPDATE_STATISTICS, on by default).</summary>
internal sealed class SqlServerStatistics : IPlannerStatistics
{
    public Task UpdateAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
