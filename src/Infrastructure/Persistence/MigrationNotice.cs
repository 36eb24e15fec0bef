using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Says before a migration, during which nothing is served, which one it is and about how long it takes.</summary>
internal sealed partial class MigrationNotice(AppDbContext db, ILogger<MigrationNotice> logger)
{
    /// <summary>To build one index (docs/operations.md). A column with a default or without a value takes no time.</summary>
    private const double SecondsPerMillionRows = 3;

    public async Task LogAsync(IReadOnlyList<string> pending)
    {
        var assembly = db.GetService<IMigrationsAssembly>();
        var operations = pending
            .SelectMany(id => assembly.CreateMigration(assembly.Migrations[id], db.Database.ProviderName!).UpOperations).ToList();
        var newTables = operations.OfType<CreateTableOperation>().Select(t => t.Name).ToHashSet();
        var (indexes, rows) = (0, 0L);
        foreach (var ofTable in operations.OfType<CreateIndexOperation>().Where(i => !newTables.Contains(i.Table)).GroupBy(i => i.Table))
        {
            indexes += ofTable.Count();
            rows += ofTable.Count() * await CountRowsAsync(ofTable.Key);
        }

        LogMigration(string.Join(", ", pending), indexes, rows, (int)Math.Ceiling(rows / 1e6 * SecondsPerMillionRows));
    }

    /// <summary>At most, and without counting.</summary>
    private Task<long> CountRowsAsync(string table) => db is SqlServerAppDbContext
        ? db.Database.SqlQuery<long>(
            $"""
            SELECT ISNULL(SUM(row_count), 0) AS Value FROM sys.dm_db_partition_stats
            WHERE object_id = OBJECT_ID({table}) AND index_id IN (0, 1)
            """).SingleAsync()
#pragma warning disable EF1002 // The table's name comes from a migration.
        : db.Database.SqlQueryRaw<long>($"SELECT coalesce(max(rowid), 0) AS Value FROM \"{table}\"").SingleAsync();
#pragma warning restore EF1002

    [LoggerMessage(LogLevel.Information,
        "Migrating the database: {Migrations}. {Indexes} indexes are built over {Rows} rows, which takes about {Seconds} s; "
            + "the app serves nothing meanwhile")]
    private partial void LogMigration(string migrations, int indexes, long rows, int seconds);
}
