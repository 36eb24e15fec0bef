using MetaMessaging.Infrastructure.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.SqlServer.Dac.Model;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

public sealed class MigrationTests
{
    [Fact]
    public void On_SQLite_the_migrations_lead_to_the_current_model()
    {
        using var db = DesignTimeContexts.Sqlite();

        Assert.False(db.Database.HasPendingModelChanges());
    }

    [Fact]
    public void On_SQL_Server_the_migrations_lead_to_the_current_model()
    {
        using var db = DesignTimeContexts.SqlServer();

        Assert.False(db.Database.HasPendingModelChanges());
    }

    [Fact]
    public void Both_databases_have_the_same_migrations_in_the_same_order()
    {
        using var sqlite = DesignTimeContexts.Sqlite();
        using var sqlServer = DesignTimeContexts.SqlServer();

        Assert.Equal(Names(sqlite), Names(sqlServer));
    }

    [Fact]
    public void Four_migrations_create_the_Meta_schema_after_the_one_for_the_core()
    {
        using var db = DesignTimeContexts.Sqlite();

        Assert.Equal(["Core", "MetaSettings", "FacebookIdentities", "InstagramIdentities", "CoreConfMetaFields"], Names(db).Take(5));
    }

    [Fact]
    public void No_migration_rebuilds_a_table_on_SQLite()
    {
        using var db = DesignTimeContexts.Sqlite();

        Assert.DoesNotContain("ef_temp_", db.GetService<IMigrator>().GenerateScript(), StringComparison.Ordinal);
    }

    /// <param name="collation">Of the database: where it is case-sensitive, so are the names of tables and columns.</param>
    [Theory]
    [InlineData(SqlServerVersion.Sql150, "Latin1_General_100_CS_AS")]
    [InlineData(SqlServerVersion.Sql160, "Latin1_General_100_BIN2")]
    [InlineData(SqlServerVersion.SqlAzure, "SQL_Latin1_General_CP1_CI_AS")]
    public void The_script_for_SQL_Server_builds_a_valid_database_model(SqlServerVersion server, string collation)
    {
        using var db = DesignTimeContexts.SqlServer();

        using var model = SqlServerSyntax.BuildModel(
            SqlServerSyntax.Parse(db.GetService<IMigrator>().GenerateScript()), server, collation);

        Assert.Empty(model.Validate().Where(m => m.MessageType == Microsoft.SqlServer.Dac.DacMessageType.Error).Select(m => m.Message));
        var tables = model.GetObjects(DacQueryScopes.UserDefined, Table.TypeClass).Select(t => t.Name.Parts[^1]).ToList();
        Assert.Equal(
            db.Model.GetEntityTypes().Select(e => e.GetTableName()!).Distinct().Order(), tables.Except(["__EFMigrationsHistory"]).Order());
    }

    [Fact]
    public async Task On_SQLite_the_large_rollups_store_their_key_once()
    {
        await using var db = DesignTimeContexts.Sqlite();
        await db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await db.Database.MigrateAsync(TestContext.Current.CancellationToken);

        var tables = await db.Database
            .SqlQuery<string>($"SELECT name AS Value FROM sqlite_master WHERE name LIKE '%rollups' AND sql LIKE '%WITHOUT ROWID%'")
            .ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["message_rollups", "response_rollups"], tables.Order());
    }

    /// <summary>Deleting a row looks for rows that refer to it. A partial index does not help, and a scan blocks all writers.</summary>
    [Fact]
    public async Task On_SQLite_each_foreign_key_has_an_index_with_all_rows()
    {
        await using var db = DesignTimeContexts.Sqlite();
        await db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await db.Database.MigrateAsync(TestContext.Current.CancellationToken);

        var without = await db.Database.SqlQuery<string>(
            $"""
            SELECT t.name || '.' || f."from" AS Value FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f
            WHERE t.type = 'table' AND NOT EXISTS (
                SELECT 1 FROM pragma_index_list(t.name) i JOIN pragma_index_info(i.name) c ON c.seqno = 0
                WHERE i.partial = 0 AND c.name = f."from")
            """).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Empty(without);
    }

    [Fact]
    public async Task The_table_of_the_system_config_takes_one_row()
    {
        await using var db = DesignTimeContexts.Sqlite();
        await db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await db.Database.MigrateAsync(TestContext.Current.CancellationToken);
        FormattableString insert = $"""
            INSERT INTO core_conf (id, meta_messaging_verify_token, updated_at, open_id_roles) VALUES (2, 'x', '2026-01-01', 'None')
            """;

        var refused = await Assert.ThrowsAsync<SqliteException>(
            () => db.Database.ExecuteSqlAsync(insert, TestContext.Current.CancellationToken));

        Assert.Contains("ck_core_conf_one_row", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrating_an_empty_sqlite_file_and_migrating_it_again_changes_nothing()
    {
        using var folder = new Testing.TestFolder();
        await using var db = DesignTimeContexts.Sqlite();
        db.Database.SetConnectionString($"Data Source={folder.File("new.db")};Pooling=False");

        await db.Database.MigrateAsync(TestContext.Current.CancellationToken);
        await db.Database.MigrateAsync(TestContext.Current.CancellationToken);

        Assert.Empty(await db.Database.GetPendingMigrationsAsync(TestContext.Current.CancellationToken));
    }

    private static IEnumerable<string> Names(AppDbContext db) =>
        db.Database.GetMigrations().Select(id => id[(id.IndexOf('_', StringComparison.Ordinal) + 1)..]);
}
