using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>
/// Write-ahead log, so that readers and the writer do not wait for each other; FULL, because an acknowledged commit must survive
/// a power cut; foreign keys on; patience with another writer; and deleted text written over, because unsent is meant to be gone.
/// The log is copied into the file by <see cref="WalCheckpointer"/>, by a writer only when it has grown to 160 MB all the same, and
/// the file is read through a map: half of the pump's time went there.
/// </summary>
internal sealed class SqlitePragmas : DbConnectionInterceptor
{
    public const string Sql =
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=10000; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; "
        + "PRAGMA wal_autocheckpoint=40000; PRAGMA mmap_size=268435456; PRAGMA cache_size=-16000;";

    /// <summary>Pooled connections keep what they were told, and are opened for every query.</summary>
    private static readonly ConditionalWeakTable<object, string> Told = [];

    /// <summary>
    /// SQLite counts the memory it takes under a lock that all connections share, which threads side by side spend their time at. Only
    /// before the first connection: later it is refused, and all stays as it was.
    /// </summary>
    public static void DisableMemoryStatistics()
    {
        Batteries_V2.Init();
        raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        if (!Told.TryAdd(((SqliteConnection)connection).Handle!, Sql)) return;
        using var command = connection.CreateCommand();
        command.CommandText = Sql;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (!Told.TryAdd(((SqliteConnection)connection).Handle!, Sql)) return;
        await using var command = connection.CreateCommand();
        command.CommandText = Sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
