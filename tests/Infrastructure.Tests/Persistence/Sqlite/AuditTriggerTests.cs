using MetaMessaging.Testing;
using Microsoft.Data.Sqlite;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

/// <summary>On SQLite the file itself refuses to change the audit log, whoever has opened it.</summary>
public sealed class AuditTriggerTests : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private SqliteConnection file = null!;

    public async ValueTask InitializeAsync()
    {
        await SqliteTemplate.CopyToAsync(folder.File("audit.db"));
        file = new SqliteConnection($"Data Source={folder.File("audit.db")};Pooling=False");
        await file.OpenAsync();
        foreach (var organization in new[] { "1", "NULL" })
        {
            Execute("INSERT INTO audit_entries (organization_id, at, actor_type, actor_name, action, target_type) "
                + $"VALUES ({organization}, '2025-10-09 08:00:00', 'Person', 'Maria', 'member.changed', 'member')");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await file.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("UPDATE audit_entries SET actor_name = 'Nobody'")]
    [InlineData("DELETE FROM audit_entries WHERE organization_id = 1")]
    [InlineData("DELETE FROM audit_entries WHERE organization_id IS NULL")]
    public void An_entry_is_neither_changed_nor_deleted(string statement)
    {
        Assert.Equal(19, Assert.Throws<SqliteException>(() => Execute(statement)).SqliteErrorCode);
    }

    [Fact]
    public void An_entry_older_than_retention_allows_is_deleted()
    {
        Execute("UPDATE organizations SET audit_deleted_before = '2025-10-09 08:00:00' WHERE id = 1");
        Assert.Throws<SqliteException>(() => Execute("DELETE FROM audit_entries WHERE organization_id = 1"));

        Execute("UPDATE organizations SET audit_deleted_before = '2025-10-09 08:00:00.001' WHERE id = 1");
        Execute("DELETE FROM audit_entries WHERE organization_id = 1");
    }

    private void Execute(string statement)
    {
        using var command = file.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }
}
