using System.Diagnostics;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.Data.Sqlite;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>Two nodes on one database: both store deliveries, one processes them, and the other takes stop when that one ends.</summary>
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
        await using var first = await AppProcess.StartAsync(meta);
        await first.ConnectPageAsync();
        await using var second = await first.StartSecondNodeAsync();

        using var stop = new CancellationTokenSource();
        var delivering = DeliverInTurnAsync([first, second], stop.Token);
        await Until.True(() => Task.FromResult(CountMessages(first) > 300), TimeSpan.FromSeconds(30), () => first.Log + second.Log);
        Assert.Equal(1, await TokenAsync(first));
        await first.KillAsync();
        var (before, killedAt) = (CountMessages(first), Stopwatch.GetTimestamp());
        await Until.True(() => Task.FromResult(CountMessages(first) > before), TakeoverLimit, () => second.Log);
        Assert.InRange(Stopwatch.GetElapsedTime(killedAt), TimeSpan.Zero, TakeoverLimit * Deadline.Slowdown);
        await stop.CancelAsync();
        await delivering;

        await Until.True(() => Task.FromResult(CountMessages(first) >= sent), TimeSpan.FromSeconds(30), () => second.Log);
        Assert.Equal(2, await TokenAsync(first));
        AssertEachOnceAndInOrder(first);
    }

    [Fact]
    public async Task When_the_processing_node_is_stopped_the_other_takes_over_at_once()
    {
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var first = await AppProcess.StartAsync(meta);
        await first.ConnectPageAsync();
        await using var second = await first.StartSecondNodeAsync();

        await first.StopAsync();
        var stoppedAt = Stopwatch.GetTimestamp();
        Assert.True(await Deliveries.TryPostAsync(second.Http, second.Webhook, Deliveries.Of(TextNumber(sent++))));
        await Until.True(() => Task.FromResult(CountMessages(first) == 1), TimeSpan.FromSeconds(10), () => second.Log);

        Assert.InRange(Stopwatch.GetElapsedTime(stoppedAt), TimeSpan.Zero, HandoverLimit * Deadline.Slowdown);
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

    private static async Task<long> TokenAsync(AppProcess app)
    {
        await using var connection = Open(app);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT token FROM leases WHERE name = 'inbound-worker'";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static SqliteConnection Open(AppProcess app)
    {
        var connection = new SqliteConnection($"Data Source={app.DatabaseFile};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return connection;
    }
}
