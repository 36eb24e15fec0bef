using System.Diagnostics.Metrics;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Copies SQLite's write-ahead log into the database file while others write; otherwise the commit that makes it long enough does,
/// and every other writer waits.</summary>
internal sealed partial class WalCheckpointer : BackgroundService
{
    public const string MeterName = "MetaMessaging.Database";

    /// <summary>A page that changes often is copied once for many changes. The log grows by tens of MB meanwhile.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>From this length on a checkpoint waits for readers, whose snapshots keep the log from being begun anew.</summary>
    private const long MinBytesToRestart = 16L * 1024 * 1024;

    /// <summary>Only a reader that does not end lets the log become as long as this.</summary>
    private const long MaxUsualBytes = 256L * 1024 * 1024;

    private const int PageSize = 4096;
    private const int MaxRestartDoublings = 4;

    private static readonly TimeSpan WarningInterval = TimeSpan.FromMinutes(5);

    private readonly IServiceProvider services;
    private readonly SqliteWriteLock writeLock;
    private readonly TimeProvider clock;
    private readonly ILogger<WalCheckpointer> logger;
    private long logBytes;
    private int failedRestarts;
    private long? warnedAt;

    public WalCheckpointer(
        IServiceProvider services, SqliteWriteLock writeLock, TimeProvider clock, IMeterFactory meters, ILogger<WalCheckpointer> logger)
    {
        (this.services, this.writeLock, this.clock, this.logger) = (services, writeLock, clock, logger);
        meters.Create(MeterName).CreateObservableGauge(
            "metamessaging.database.log", () => Interlocked.Read(ref logBytes), "By",
            "SQLite's write-ahead log; it grows for as long as a reader keeps its snapshot");
    }

    /// <summary>
    /// The first checkpoint copies while others write; the second, under the write lock, only what was written since, so that the next
    /// commit finds an empty log and starts it from the beginning. Readers that overlap would prevent that for ever: once the log is long,
    /// a third waits for those that began before everything was copied. Later ones read the database file, not the log.
    /// </summary>
    public void Copy()
    {
        using var scope = services.CreateAllOrganizationsScope();
        var database = scope.ServiceProvider.GetRequiredService<AppDbContext>().Database;
        database.OpenConnection();
        using var command = database.GetDbConnection().CreateCommand();
        Checkpoint("PASSIVE");
        using (writeLock.Take())
        {
            if (Checkpoint("PASSIVE").Pages * PageSize >= MinBytesToRestart) Restart();
        }

        var log = new FileInfo($"{database.GetDbConnection().DataSource}-wal");
        Interlocked.Exchange(ref logBytes, log.Exists ? log.Length : 0);
        WarnOfLongLog();

        (bool IsComplete, long Pages) Checkpoint(string mode)
        {
            command.CommandText = $"PRAGMA wal_checkpoint({mode})";
            using var result = command.ExecuteReader();
            return result.Read() ? (result.GetInt64(0) == 0, result.GetInt64(1)) : default;
        }

        void Restart()
        {
            try
            {
                command.CommandText = FormattableString.Invariant($"PRAGMA busy_timeout={NextRestartWait()}");
                command.ExecuteNonQuery();
                var isComplete = Checkpoint("RESTART").IsComplete;
                failedRestarts = isComplete ? Math.Max(Math.Min(failedRestarts, MaxRestartDoublings) - 1, 0) : failedRestarts + 1;
            }
            finally
            {
                command.CommandText = SqlitePragmas.Sql;   // the connection goes back to the pool with its usual busy_timeout
                command.ExecuteNonQuery();
            }
        }
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

    /// <summary>In milliseconds, during which nothing is written: from 50 to 800. What was long enough is hardly shortened, because the
    /// next readers take as long. A reader that outlasts all is waited for twice a minute only: the log grows in any case.</summary>
    private int NextRestartWait() => failedRestarts switch
    {
        < MaxRestartDoublings => 50 << failedRestarts,
        _ => failedRestarts % 15 == 0 ? 50 << MaxRestartDoublings : 50,
    };

    private void WarnOfLongLog()
    {
        if (logBytes < MaxUsualBytes || (warnedAt is { } at && clock.GetElapsedTime(at) < WarningInterval)) return;
        warnedAt = clock.GetTimestamp();
        LogLongLog(logBytes / 1024 / 1024);
    }

    [LoggerMessage(LogLevel.Warning, "SQLite's write-ahead log could not be copied into the database file; the next try is in 2 s")]
    private partial void LogCopyFailed(Exception exception);

    [LoggerMessage(LogLevel.Warning,
        "SQLite's write-ahead log has grown to {Megabytes} MB, because something has been reading the database for long: "
            + "another program (a backup, a shell with an open transaction) has to end its transaction")]
    private partial void LogLongLog(long megabytes);
}
