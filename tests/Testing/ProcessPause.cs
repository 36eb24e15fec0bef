using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace MetaMessaging.Testing;

/// <summary>SIGSTOP: a process stands still, as on a machine that swaps or is moved. Not in the middle of a transaction: SQLite's lock
/// belongs to the process, and nobody could write until it goes on. Compiled into the benchmarks, too.</summary>
internal static class ProcessPause
{
    public static async Task BeginAsync(int processId, string databaseFile)
    {
        await SignalAsync(processId, "STOP");
        while (!CanOthersWrite(databaseFile))
        {
            await EndAsync(processId);
            await SignalAsync(processId, "STOP");
        }
    }

    public static Task EndAsync(int processId) => SignalAsync(processId, "CONT");

    public static async Task SignalAsync(int processId, string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", processId.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private static bool CanOthersWrite(string databaseFile)
    {
        using var connection = new SqliteConnection($"Data Source={databaseFile};Pooling=False;Default Timeout=1");
        connection.Open();
        try
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            return true;
        }
        catch (SqliteException)
        {
            return false;
        }
    }
}
