using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>WAL: readers and the writer do not block each other. synchronous=FULL: an acknowledged commit survives a power cut.
/// busy_timeout: a statement waits 4 s for another process's lock. secure_delete: deleted text is overwritten. wal_autocheckpoint: the
/// committing thread copies the log only at 160 MB, because <see cref="WalCheckpointer"/> does it before. journal_size_limit:
/// a log that has grown behind a long reader is cut to 32 MB when it begins anew. cache_size: 4 MB for each connection; more did not make
/// the inbound worker faster. The file is not mapped into memory: a read that fails is an error, where a map ends the process.</summary>
internal sealed class SqlitePragmas : DbConnectionInterceptor
{
    /// <summary>
    /// In seconds, for UseSqlite. Microsoft.Data.Sqlite repeats a statement that found the database locked until this time is over, 30 s by
    /// default. Less than busy_timeout, so there is one wait only.
    /// </summary>
    public const int CommandTimeout = 3;

    public const string Sql =
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=4000; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; "
        + "PRAGMA wal_autocheckpoint=40000; PRAGMA journal_size_limit=33554432; PRAGMA cache_size=-4000;";

    /// <summary>Pooled connections keep their settings, and EF Core opens one for every query.</summary>
    private static readonly ConditionalWeakTable<object, string> SetUpHandles = [];

    /// <summary>SQLite counts its memory under a lock of all connections; this can be turned off before the first only.</summary>
    public static void DisableMemoryStatistics()
    {
        Batteries_V2.Init();
        raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        if (!NeedsSetUp((SqliteConnection)connection)) return;
        SqliteSearchFunction.Register((SqliteConnection)connection);
        using var command = connection.CreateCommand();
        command.CommandText = Sql;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (!NeedsSetUp((SqliteConnection)connection)) return;
        SqliteSearchFunction.Register((SqliteConnection)connection);
        await using var command = connection.CreateCommand();
        command.CommandText = Sql;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Over a read-only connection EF Core asks whether the database exists; journal_mode would fail on one without WAL.</summary>
    private static bool NeedsSetUp(SqliteConnection connection) =>
        SetUpHandles.TryAdd(connection.Handle!, Sql)
        && new SqliteConnectionStringBuilder(connection.ConnectionString).Mode is not SqliteOpenMode.ReadOnly;
}
