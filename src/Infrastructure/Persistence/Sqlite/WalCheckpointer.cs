namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Copies SQLite's write-ahead log into the database file while others write; otherwise the commit that makes it long enough does,
/// and every other writer waits.</summary>
internal sealed partial class WalCheckpointer(
    IServiceProvider services, SqliteWriteLock writeLock, TimeProvider clock, ILogger<WalCheckpointer> logger) : BackgroundService
{
    /// <summary>A page that changes often is copied once for many changes. The log grows by tens of MB meanwhile.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>The first checkpoint copies while others write; the second, under the write lock, only what was written since, so that the
    /// next commit finds an empty log and starts it from the beginning.</summary>
    public void Copy()
    {
        using var scope = services.CreateAllOrganizationsScope();
        var database = scope.ServiceProvider.GetRequiredService<AppDbContext>().Database;
        database.OpenConnection();
        using var checkpoint = database.GetDbConnection().CreateCommand();
        checkpoint.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
        checkpoint.ExecuteNonQuery();
        using (writeLock.Take()) checkpoint.ExecuteNonQuery();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Task.Factory.StartNew(Copy, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
            catch (Exception exception) when (exception is SqliteException or TimeoutException)
            {
                LogCopyFailed(exception);   // the log still holds everything, and SQLite copies it itself at 160 MB
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "SQLite's write-ahead log could not be copied into the database file; the next try is in 2 s")]
    private partial void LogCopyFailed(Exception exception);
}
