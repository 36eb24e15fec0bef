using System.Diagnostics;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>EF Core's own lock is a row of __EFMigrationsLock: a process killed while it migrates leaves it behind, and every later start
/// waits without end. The operating system releases a file's lock with its process, so the process that holds it knows that
/// no process owns such a row.</summary>
internal static class SqliteMigrationLock
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    public static async Task MigrateAsync(AppDbContext db, string databaseFile)
    {
        await using var heldLock = await TakeAsync($"{databaseFile}-migrating");
        await db.Database.ExecuteSqlAsync($"DROP TABLE IF EXISTS \"__EFMigrationsLock\"");
        await db.Database.MigrateAsync();
    }

    private static async Task<FileStream> TakeAsync(string lockFile)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(started) < MaxWait)
            {
                await Task.Delay(RetryDelay);
            }
        }
    }
}
