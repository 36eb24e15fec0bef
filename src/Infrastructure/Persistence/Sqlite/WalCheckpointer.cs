using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>
/// Copies SQLite's write-ahead log into the file while others write. Left to SQLite, whoever commits the page that makes the log
/// long enough does it, and everybody who wants to write waits for that.
/// </summary>
internal sealed partial class WalCheckpointer(IServiceProvider services, SqliteWriteLock turn, TimeProvider clock, ILogger<WalCheckpointer> logger) : BackgroundService
{
    /// <summary>Rarely enough that pages which change again and again are copied once for many changes; tens of megabytes at full speed.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    /// <summary>The second copies only what was added during the first; with nothing left to copy the next commit begins the log anew.</summary>
    public void Copy()
    {
        using var work = services.CreateSystemScope();
        var database = work.ServiceProvider.GetRequiredService<AppDbContext>().Database;
        database.OpenConnection();
        using var checkpoint = database.GetDbConnection().CreateCommand();
        checkpoint.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";
        checkpoint.ExecuteNonQuery();
        using (turn.Take()) checkpoint.ExecuteNonQuery();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Task.Factory.StartNew(Copy, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
            catch (SqliteException exception)
            {
                LogCopyFailed(exception);   // all of it is in the log still, which SQLite copies itself when it gets too long
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The write-ahead log could not be copied; it is tried again")]
    private partial void LogCopyFailed(Exception failure);
}
