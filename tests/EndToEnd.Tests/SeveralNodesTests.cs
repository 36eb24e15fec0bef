using System.Diagnostics;
using MetaMessaging.MetaSimulator;
using Microsoft.Data.Sqlite;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>Two nodes on one database: both take deliveries in, one works them off, and the other goes on when that one dies.</summary>
public sealed class SeveralNodesTests
{
    private const int Customers = 20;

    private static readonly TimeSpan GoesOnWithin = TimeSpan.FromSeconds(15);

    private int sent;

    [Fact]
    public async Task When_the_working_node_is_killed_the_other_goes_on_in_order_and_nothing_happens_twice()
    {
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var first = await AppProcess.StartAsync(meta);
        await first.ConnectPageAsync();
        await using var second = await first.StartBesideAsync();

        using var over = new CancellationTokenSource();
        var delivering = DeliverInTurnAsync([first, second], over.Token);
        await Eventually.TrueAsync(() => Task.FromResult(CountMessages(first) > 300), TimeSpan.FromSeconds(30), () => first.Log + second.Log);
        Assert.Equal(1, await TokenAsync(first));
        await first.KillAsync();
        var (before, killedAt) = (CountMessages(first), Stopwatch.GetTimestamp());
        await Eventually.TrueAsync(() => Task.FromResult(CountMessages(first) > before), GoesOnWithin, () => second.Log);
        Assert.InRange(Stopwatch.GetElapsedTime(killedAt), TimeSpan.Zero, GoesOnWithin);
        await over.CancelAsync();
        await delivering;

        await Eventually.TrueAsync(() => Task.FromResult(CountMessages(first) >= sent), TimeSpan.FromSeconds(30), () => second.Log);
        Assert.Equal(2, await TokenAsync(first));
        AssertEachOnceAndInOrder(first);
    }

    [Fact]
    public async Task When_the_working_node_is_stopped_the_other_goes_on_at_once()
    {
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var first = await AppProcess.StartAsync(meta);
        await first.ConnectPageAsync();
        await using var second = await first.StartBesideAsync();

        await first.StopAsync();
        var stoppedAt = Stopwatch.GetTimestamp();
        Assert.True(await Deliveries.TryPostAsync(second.Http, second.Webhook, Deliveries.Of(TextNumber(sent++))));
        await Eventually.TrueAsync(() => Task.FromResult(CountMessages(first) == 1), TimeSpan.FromSeconds(10), () => second.Log);

        Assert.InRange(Stopwatch.GetElapsedTime(stoppedAt), TimeSpan.Zero, TimeSpan.FromSeconds(5));   // an expired lease would take ten
    }

    /// <summary>One after the other, each to the next node, and again until somebody has acknowledged it: so the order is known.</summary>
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
        command.CommandText = "SELECT token FROM leases WHERE name = 'inbound-pump'";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static SqliteConnection Open(AppProcess app)
    {
        var connection = new SqliteConnection($"Data Source={app.DatabaseFile};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return connection;
    }
}
