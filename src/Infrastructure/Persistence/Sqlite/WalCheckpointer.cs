using System.Diagnostics.Metrics;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Copies SQLite's write-ahead log into the database file while others write; otherwise the commit that makes it long enough does,
/// and every other writer waits.</summary>
internal sealed partial class WalCheckpointer : BackgroundService
{
    public const string MeterName = "MetaMessaging.Database";

    /// <summary>A page that changes often is copied once for many changes. At 1,000 events a second the log of a small database grows by
    /// 10 MB meanwhile, that of a large one, where each change is on another page, by 35 MB.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>From this length on a checkpoint waits for readers, whose snapshots keep the log from being begun anew.</summary>
    private const long MinBytesToRestart = 16L * 1024 * 1024;

    private const int PageSize = 4096;

    /// <summary>Writers wait as long. Readers that overlap are waited for twice: for those that the copy needs to have ended, and for those
    /// that began meanwhile. So this is for readers of half a second.</summary>
    private static readonly TimeSpan MaxRestartWait = TimeSpan.FromSeconds(1);

    /// <summary>Between two waits, once several for the same reader have been in vain: the log grows in any case until it ends.</summary>
    private static readonly TimeSpan MaxRestartInterval = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan WarningInterval = TimeSpan.FromMinutes(5);

    private readonly IServiceProvider services;
    private readonly SqliteWriteLock writeLock;
    private readonly TimeProvider clock;
    private readonly ILogger<WalCheckpointer> logger;
    private long logBytes;
    private int failedRestarts;
    private long lastRestartAt;
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
    /// a third waits for those that began before everything was copied. Later ones read the database file, not the log. So writers wait,
    /// and readers do not: to hold them back instead would not end those that read already, nor reach other programs.
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
            var (_, pages, copied) = Checkpoint("PASSIVE");
            if (pages * PageSize >= MinBytesToRestart && IsRestartDue()) Restart(copied);
        }

        var log = new FileInfo($"{database.GetDbConnection().DataSource}-wal");
        Interlocked.Exchange(ref logBytes, log.Exists ? log.Length : 0);
        WarnOfLongLog();

        (bool IsComplete, long Pages, long Copied) Checkpoint(string mode)
        {
            command.CommandText = $"PRAGMA wal_checkpoint({mode})";
            using var result = command.ExecuteReader();
            return result.Read() ? (result.GetInt64(0) == 0, result.GetInt64(1), result.GetInt64(2)) : default;
        }

        // With a longer busy_timeout SQLite would sleep for up to 100 ms between two tries, during which all writers wait.
        void Restart(long copiedBefore)
        {
            lastRestartAt = clock.GetTimestamp();
            try
            {
                command.CommandText = "PRAGMA busy_timeout=5";
                command.ExecuteNonQuery();
                bool isComplete;
                long copied;
                do (isComplete, _, copied) = Checkpoint("RESTART");
                while (!isComplete && clock.GetElapsedTime(lastRestartAt) < MaxRestartWait);
                // When more could be copied than before, readers have ended and others have begun: the next wait may succeed.
                failedRestarts = isComplete ? 0 : copied > copiedBefore ? 1 : failedRestarts + 1;
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

    /// <summary>After each wait in vain for the same reader the next is twice as far away, from 2 s on.</summary>
    private bool IsRestartDue()
    {
        if (failedRestarts == 0) return true;
        var interval = TimeSpan.FromSeconds(1 << Math.Min(failedRestarts, 5));
        return clock.GetElapsedTime(lastRestartAt) >= (interval < MaxRestartInterval ? interval : MaxRestartInterval);
    }

    private void WarnOfLongLog()
    {
        if (logBytes < IStorageHealth.MaxUsualLogBytes || (warnedAt is { } at && clock.GetElapsedTime(at) < WarningInterval)) return;
        warnedAt = clock.GetTimestamp();
        LogLongLog(logBytes / 1024 / 1024);
    }

    [LoggerMessage(LogLevel.Warning, "SQLite's write-ahead log could not be copied into the database file; the next try is in a second")]
    private partial void LogCopyFailed(Exception exception);

    [LoggerMessage(LogLevel.Warning,
        "SQLite's write-ahead log has grown to {Megabytes} MB, because something has been reading the database for long: "
            + "another program (a backup, a shell with an open transaction) has to end its transaction")]
    private partial void LogLongLog(long megabytes);
}
