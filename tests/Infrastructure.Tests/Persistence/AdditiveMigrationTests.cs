using System.Text.RegularExpressions;
using MetaMessaging.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

/// <summary>Nodes are upgraded one after the other (docs/adr/0033): while the new version runs, the old one goes on working with the
/// database that the new one has migrated.</summary>
public sealed partial class AdditiveMigrationTests
{
    /// <summary>Those of the first release; nothing runs on an earlier schema.</summary>
    private static readonly string[] FirstRelease =
        ["Core", "MetaSettings", "FacebookIdentities", "InstagramIdentities", "CoreConfMetaFields", "Messaging", "Nodes"];

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.SqlServer)]
    public void After_the_first_release_a_migration_only_adds(DatabaseProvider provider)
    {
        using var db = provider is DatabaseProvider.Sqlite ? DesignTimeContexts.Sqlite() : DesignTimeContexts.SqlServer();
        var assembly = db.GetService<IMigrationsAssembly>();
        var migrations = assembly.Migrations.Select(m => (Name: m.Key[(m.Key.IndexOf('_', StringComparison.Ordinal) + 1)..], Type: m.Value))
            .ToList();

        Assert.Equal(FirstRelease, migrations.Take(FirstRelease.Length).Select(m => m.Name));
        Assert.Empty(migrations.Skip(FirstRelease.Length).SelectMany(m =>
            Violations(assembly.CreateMigration(m.Type, db.Database.ProviderName!).UpOperations).Select(v => $"{m.Name}: {v}")));
    }

    [Fact]
    public void A_migration_that_the_old_version_cannot_run_with_is_found()
    {
        var builder = new MigrationBuilder(null);
        builder.DropTable("notes");
        builder.DropColumn("text", "messages");
        builder.RenameColumn("text", "messages", "body");
        builder.AlterColumn<string>("text", "messages", maxLength: 10);
        builder.AddColumn<int>("priority", "messages", nullable: false);
        builder.DropIndex("ix_notes", "notes");
        builder.CreateIndex("ix_messages_text", "messages", "text", unique: true);
        builder.Sql("ALTER TABLE messages DROP COLUMN text");
        builder.CreateTable(
            "labels", t => new { id = t.Column<long>() },
            constraints: t => t.ForeignKey("fk_labels", x => x.id, "messages", "id", onDelete: ReferentialAction.Restrict));

        Assert.Equal(builder.Operations.Count, Violations(builder.Operations).Count());
    }

    [Fact]
    public void A_migration_that_only_adds_is_accepted()
    {
        var builder = new MigrationBuilder(null);
        builder.AddColumn<int>("priority", "messages", nullable: false, defaultValue: 0);
        builder.AddColumn<string>("color", "messages", nullable: true);
        builder.CreateIndex("ix_messages_color", "messages", "color");
        builder.CreateTable(
            "labels", t => new { id = t.Column<long>() },
            constraints: t => t.ForeignKey("fk_labels", x => x.id, "messages", "id", onDelete: ReferentialAction.Cascade));
        builder.CreateIndex("ix_labels_id", "labels", "id", unique: true);
        builder.Sql("CREATE TABLE label_rollups (id INTEGER PRIMARY KEY) WITHOUT ROWID");
        builder.Sql("INSERT INTO counters (organization_id, name, value) SELECT id, 'OutdatedRollups', 1 FROM organizations");

        Assert.Empty(Violations(builder.Operations));
    }

    private static IEnumerable<string> Violations(IReadOnlyList<MigrationOperation> operations)
    {
        var newTables = operations.OfType<CreateTableOperation>().Select(t => t.Name).ToHashSet();
        return operations.Select(operation => operation switch
        {
            CreateTableOperation table => table.ForeignKeys
                .Where(k => !newTables.Contains(k.PrincipalTable))
                .Where(k => k.OnDelete is not (ReferentialAction.Cascade or ReferentialAction.SetNull))
                .Select(k => $"{k.Name}: the old version could not delete from {k.PrincipalTable}").FirstOrDefault(),
            AddColumnOperation column => column.IsNullable || column.DefaultValue is not null || column.DefaultValueSql is not null
                ? null : $"{column.Table}.{column.Name}: the old version inserts no value, so it is nullable or has a default",
            CreateIndexOperation index => !index.IsUnique || newTables.Contains(index.Table)
                ? null : $"{index.Name}: the old version does not expect {index.Table} to refuse its rows",
            SqlOperation { Sql: var sql } => AddingStatement().IsMatch(sql) ? null : sql,
            InsertDataOperation => null,
            _ => $"{operation.GetType().Name} does not only add",
        }).OfType<string>();
    }

    [GeneratedRegex(@"^\s*(CREATE (VIRTUAL )?TABLE|CREATE INDEX|INSERT INTO)\s[^;]*;?\s*$")]
    private static partial Regex AddingStatement();
}
