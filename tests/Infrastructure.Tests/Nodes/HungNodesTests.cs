using MetaMessaging.Infrastructure.Nodes;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Testing;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaMessaging.Infrastructure.Tests.Nodes;

/// <summary>On SQL Server only: there a transaction can be ended from outside.</summary>
public abstract class HungNodesTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task The_open_transaction_of_a_node_that_hangs_is_ended_and_that_of_one_that_runs_is_not()
    {
        await InSystem(scope =>
        {
            var db = scope.GetRequiredService<AppDbContext>();
            db.AddRange(NodeOn("host-that-hangs", seenAt: Clock.Now.AddMinutes(-1)), NodeOn("host-that-runs", seenAt: Clock.Now));
            return db.SaveChangesAsync();
        });
        await using var hanging = await BeginTransactionAsync("host-that-hangs");
        await using var running = await BeginTransactionAsync("host-that-runs");

        await Until.True(EndAndLookAsync, "the session of the node that hangs was ended");

        await Assert.ThrowsAsync<SqlException>(() => ReadAsync(hanging, "SELECT 1"));
        Assert.Equal(1, await ReadAsync(running, "SELECT @@TRANCOUNT"));
    }

    private static Node NodeOn(string host, DateTimeOffset seenAt) =>
        new(host, new NodeProcess(host, "", Environment.ProcessId), "1.0", seenAt.AddHours(-1), seenAt);

    private async Task<SqlConnection> BeginTransactionAsync(string host)
    {
        var connection = new SqlConnection(
            new SqlConnectionStringBuilder(ConnectionString) { WorkstationID = host, Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await ReadAsync(connection, "BEGIN TRANSACTION; SELECT @@TRANCOUNT");
        return connection;
    }

    private Task<bool> EndAndLookAsync() => InSystem(async scope =>
    {
        var db = scope.GetRequiredService<AppDbContext>();
        await new HungNodes(new NodeRegistry(Clock), NullLogger<HungNodes>.Instance).EndTransactionsAsync(db, CancellationToken.None);
        return await db.Database.SqlQuery<int>(
            $"SELECT COUNT(*) AS Value FROM sys.dm_exec_sessions WHERE host_name = 'host-that-hangs'").SingleAsync() == 0;
    });

    private static async Task<int> ReadAsync(SqlConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written by this class itself.
        command.CommandText = sql;
#pragma warning restore CA2100
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
