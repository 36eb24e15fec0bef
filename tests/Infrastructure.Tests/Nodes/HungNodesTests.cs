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
            db.AddRange(NodeOn("host-that-hangs", seenAt: Clock.Now - NodeRegistry.Lifetime), NodeOn("host-that-runs", seenAt: Clock.Now));
            return db.SaveChangesAsync();
        });
        await using var hanging = await ConnectAsync("host-that-hangs");
        await using var running = await ConnectAsync("host-that-runs");
        await using var open = hanging.BeginTransaction();
        await using var alsoOpen = running.BeginTransaction();
        await CountTransactionsAsync(open);
        await CountTransactionsAsync(alsoOpen);

        await Until.True(EndAndLookAsync, "the session of the node that hangs was ended");

        await Assert.ThrowsAnyAsync<Exception>(() => CountTransactionsAsync(open));
        Assert.Equal(1, await CountTransactionsAsync(alsoOpen));
    }

    private static Node NodeOn(string host, DateTimeOffset seenAt) =>
        new(host, new NodeProcess(host, "", Environment.ProcessId), "1.0", seenAt.AddHours(-1), seenAt);

    private async Task<SqlConnection> ConnectAsync(string host)
    {
        var connection = new SqlConnection(
            new SqlConnectionStringBuilder(ConnectionString) { WorkstationID = host, Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>The session of a node is older than the node's last heartbeat, which the first calls find not to be so yet.</summary>
    private Task<bool> EndAndLookAsync() => InSystem(async scope =>
    {
        var db = scope.GetRequiredService<AppDbContext>();
        var hungNodes = new HungNodes(new NodeRegistry(Clock), Clock, NullLogger<HungNodes>.Instance);
        await hungNodes.EndTransactionsAsync(db, CancellationToken.None);
        return await db.Database.SqlQuery<int>(
            $"SELECT COUNT(*) AS Value FROM sys.dm_exec_sessions WHERE host_name = 'host-that-hangs'").SingleAsync() == 0;
    });

    private static async Task<int> CountTransactionsAsync(SqlTransaction transaction)
    {
        await using var command = transaction.Connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT @@TRANCOUNT";
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
