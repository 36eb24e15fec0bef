using System.Diagnostics;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.Data.Sqlite;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>Two nodes on one database: both store deliveries, one processes those of the Page, and the other takes over when that one ends.
/// </summary>
public sealed class SeveralNodesTests
{
    private const int Customers = 20;

    private static readonly TimeSpan TakeoverLimit = TimeSpan.FromSeconds(15);

    /// <summary>Less than the lease's lifetime of ten seconds: a node that stops gives its lease back.</summary>
    private static readonly TimeSpan HandoverLimit = TimeSpan.FromSeconds(5);

    private int sent;

    [Fact]
    public async Task When_the_processing_node_is_killed_the_other_takes_over_in_order_and_nothing_happens_twice()
    {
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var one = await AppProcess.StartAsync(meta);
        await one.ConnectPageAsync();
        await using var other = await one.StartSecondNodeAsync();
        var (first, second) = await OrderByPartitionAsync(one, other);

        using var stop = new CancellationTokenSource();
        var delivering = DeliverInTurnAsync([first, second], stop.Token);
        await Until.True(() => Task.FromResult(CountMessages(first) > 300), TimeSpan.FromSeconds(30), () => first.Log + second.Log);
        await first.KillAsync();
        var (before, killedAt) = (CountMessages(first), Stopwatch.GetTimestamp());
        await Until.True(() => Task.FromResult(CountMessages(first) > before), TakeoverLimit, () => second.Log);
        Assert.InRange(Stopwatch.GetElapsedTime(killedAt), TimeSpan.Zero, TakeoverLimit * Deadline.Slowdown);
        await stop.CancelAsync();
        await delivering;

        await Until.True(() => Task.FromResult(CountMessages(first) >= sent), TimeSpan.FromSeconds(30), () => second.Log);
        AssertEachOnceAndInOrder(first);
    }

    [Fact]
    public async Task When_the_processing_node_is_stopped_the_other_takes_over_at_once()
    {
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var one = await AppProcess.StartAsync(meta);
        await one.ConnectPageAsync();
        await using var other = await one.StartSecondNodeAsync();
        var (first, second) = await OrderByPartitionAsync(one, other);

        await first.StopAsync();
        var stoppedAt = Stopwatch.GetTimestamp();
        Assert.True(await Deliveries.TryPostAsync(second.Http, second.Webhook, Deliveries.Of(TextNumber(sent++))));
        await Until.True(() => Task.FromResult(CountMessages(first) == 1), TimeSpan.FromSeconds(10), () => second.Log);

        Assert.InRange(Stopwatch.GetElapsedTime(stoppedAt), TimeSpan.Zero, HandoverLimit * Deadline.Slowdown);
    }

    [Fact]
    public async Task A_node_that_was_paused_until_another_took_over_changes_nothing_when_it_goes_on()
    {
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var one = await AppProcess.StartAsync(meta);
        await one.ConnectPageAsync();
        await using var other = await one.StartSecondNodeAsync();
        var (first, second) = await OrderByPartitionAsync(one, other);

        using var stop = new CancellationTokenSource();
        var delivering = DeliverInTurnAsync([second], stop.Token);
        await Until.True(() => Task.FromResult(CountMessages(first) > 100), TimeSpan.FromSeconds(30), () => first.Log + second.Log);
        await first.PauseAsync();
        var before = CountMessages(first);
        await Until.True(() => Task.FromResult(CountMessages(first) > before + 50), TakeoverLimit, () => second.Log);
        await first.ContinueAsync();
        before = CountMessages(first);
        await Until.True(() => Task.FromResult(CountMessages(first) > before + 50), TimeSpan.FromSeconds(30), () => second.Log);
        await stop.CancelAsync();
        await delivering;

        await Until.True(() => Task.FromResult(CountMessages(first) >= sent), TimeSpan.FromSeconds(30), () => first.Log + second.Log);
        AssertEachOnceAndInOrder(first);
    }

    /// <summary>Waits until both hold partitions.</summary>
    /// <returns>First the node that processes the Page's deliveries.</returns>
    private static async Task<(AppProcess First, AppProcess Second)> OrderByPartitionAsync(AppProcess one, AppProcess other)
    {
        await Until.True(
            async () => await QueryAsync(one, "SELECT count(DISTINCT owner) FROM leases") == 2, TimeSpan.FromSeconds(20),
            () => one.Log + other.Log);
        var partition = DeliveryPartition.Of(Deliveries.Of(new SentText("1", "m", "text")));
        var processId = await QueryAsync(
            one, $"SELECT process_id FROM leases JOIN nodes ON nodes.id = owner WHERE name = 'partition-{partition:00}'");
        return processId == one.ProcessId ? (one, other) : (other, one);
    }

    /// <summary>
    /// One delivery after the other, alternating between the nodes and repeated until acknowledged, so that the order is known.
    /// </summary>
    private Task DeliverInTurnAsync(AppProcess[] nodes, CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            for (var turn = 0; !cancellationToken.IsCancellationRequested; sent++)
            {
                var body = Deliveries.Of(TextNumber(sent));
                AppProcess node;
                do node = nodes[turn++ % nodes.Length];
                while (!await Deliveries.TryPostAsync(node.Http, node.Webhook, body));
            }
        },
        CancellationToken.None);

    private static SentText TextNumber(int number) => new($"70000000000000{number % Customers:00}", $"m_{number:00000}", $"{number}");

    private void AssertEachOnceAndInOrder(AppProcess app)
    {
        var numbers = new List<int>();
        using var connection = Open(app);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT text FROM messages ORDER BY id";
        using (var row = command.ExecuteReader())
        {
            while (row.Read()) numbers.Add(int.Parse(row.GetString(0), System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.Equal(Enumerable.Range(0, sent), numbers);
    }

    private static int CountMessages(AppProcess app)
    {
        using var connection = Open(app);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM messages";
        return (int)(long)command.ExecuteScalar()!;
    }

    private static async Task<long> QueryAsync(AppProcess app, string sql)
    {
        await using var connection = Open(app);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written by the tests themselves.
        command.CommandText = sql;
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static SqliteConnection Open(AppProcess app)
    {
        var connection = new SqliteConnection($"Data Source={app.DatabaseFile};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return connection;
    }
}
