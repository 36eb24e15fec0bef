using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.Data.Sqlite;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>SIGKILL at arbitrary moments: acknowledged deliveries are processed once, accepted messages are sent once.</summary>
public sealed class ProcessKillTests
{
    private const string Peter = "7654321098765432";

    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Deliveries_acknowledged_before_a_kill_are_processed_once_after_the_restart()
    {
        const int count = 1000;
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        await app.ConnectPageAsync();

        await Parallel.ForAsync(0, count, TestContext.Current.CancellationToken, async (number, _) => await DeliverAsync(app, number));
        await app.KillAsync();
        await app.StartAgainAsync();

        await Until.True(() => NothingPendingAsync(app), RecoveryLimit, () => app.Log);
        var mids = (await app.MessagesAsync()).Select(m => m["externalId"]!.GetValue<string>()).ToList();
        Assert.Equal(Enumerable.Range(0, count).Select(Mid).Order(StringComparer.Ordinal), mids.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_hundred_thousand_events_with_duplicates_in_any_order_and_two_kills_leave_one_row_each()
    {
        const int events = 100_000;
        const int customers = 2_000;
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        await app.ConnectPageAsync();

        var random = new Random(4711);
        var numbers = Enumerable.Range(0, events).Concat(Enumerable.Range(0, events / 20).Select(_ => random.Next(events))).ToArray();
        random.Shuffle(numbers);
        var waiting = new ConcurrentQueue<byte[]>(numbers.Chunk(100).Select(chunk => Deliveries.Of(chunk.Select(TextOf))));
        var all = waiting.Count;
        var posting = PostAllAsync(app.Webhook, waiting);
        foreach (var left in new[] { all * 2 / 3, all / 3 })
        {
            await Until.True(() => Task.FromResult(waiting.Count <= left), TimeSpan.FromMinutes(3), () => app.Log);
            await app.KillAsync();   // while deliveries are being posted, stored and processed
            await app.StartAgainAsync();
        }

        await posting;
        await Until.True(() => NothingPendingAsync(app), TimeSpan.FromMinutes(3), () => app.Log);

        await using var connection = new SqliteConnection($"Data Source={app.DatabaseFile};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        Assert.Equal(events, await CountAsync(connection, "SELECT count(*) FROM messages"));
        Assert.Equal(events, await CountAsync(connection, "SELECT count(DISTINCT external_id) FROM messages"));
        Assert.Equal(events, await CountAsync(connection, "SELECT sum(inbound_count) FROM conversations"));
        Assert.Equal(customers, await CountAsync(connection, "SELECT count(*) FROM conversations"));
        Assert.Equal(customers, await CountAsync(connection, "SELECT count(*) FROM contacts"));
        Assert.Equal(customers, await CountAsync(connection, "SELECT count(*) FROM contact_facebook"));
        Assert.Equal(0, await CountAsync(connection, "SELECT count(*) FROM webhook_deliveries WHERE state <> 'Processed'"));
        Assert.Equal(0, await CountAsync(connection,
            "SELECT count(*) FROM messages m JOIN conversations c ON c.id = m.conversation_id"
            + " WHERE m.text <> 'Message ' || substr(m.external_id, 3) || ' of ' || c.scoped_user_id"));
        Assert.Equal(0, await CountAsync(connection,
            "SELECT count(*) FROM conversations c WHERE inbound_count <> (SELECT count(*) FROM messages m WHERE m.conversation_id = c.id)"
            + " OR last_message_at <> (SELECT max(occurred_at) FROM messages m WHERE m.conversation_id = c.id)"));

        static SentText TextOf(int number)
        {
            var customer = $"700000000000{number % customers:0000}";
            return new SentText(customer, $"m_{number}", $"Message {number} of {customer}", 1_767_225_600_000 + number);
        }
    }

    [Fact]
    public async Task Messages_accepted_before_a_kill_are_sent_once_and_in_order_after_the_restart()
    {
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        await app.ConnectPageAsync();
        await meta.Control.WriteAsync(Peter, "Hello?");
        var conversation = await app.ConversationOfAsync("facebookMessenger");
        await meta.Control.ConfigureAsync(new { behaviour = new { latencyMs = 1000 } });

        var texts = Enumerable.Range(1, 5).Select(n => $"Answer {n}").ToList();
        foreach (var text in texts) await SendAsync(app, conversation, text);
        await app.KillAsync();   // one is on its way to Meta, the others wait
        await meta.Control.ConfigureAsync(new { behaviour = new { latencyMs = 0 } });
        await app.StartAgainAsync();

        await Until.True(
            async () =>
                (await OutboundAsync(app, conversation)).All(m => m["status"]!.GetValue<string>() is "sent" or "delivered" or "read"),
            RecoveryLimit, () => app.Log);
        Assert.Equal(texts, (await meta.Control.GetAcceptedAsync(Peter)).Select(m => m.Text));
        Assert.Equal(texts, (await OutboundAsync(app, conversation)).Select(m => m["text"]!.GetValue<string>()).Reverse());
    }

    private static async Task<List<JsonNode>> OutboundAsync(AppProcess app, long conversation) =>
        [.. (await app.GetAsync($"api/conversations/{conversation}/messages"))["items"]!.AsArray()
            .Where(m => m!["direction"]!.GetValue<string>() == "outbound").Select(m => m!)];

    private static async Task SendAsync(AppProcess app, long conversationId, string text)
    {
        using var accepted = await app.Http.PostAsJsonAsync("api/messaging/send", new { conversationId, text });
        Assert.Equal(System.Net.HttpStatusCode.Accepted, accepted.StatusCode);
    }

    private static async Task<bool> NothingPendingAsync(AppProcess app) =>
        (await app.GetAsync("api/ops/webhook-deliveries?state=pending&limit=1"))["items"]!.AsArray().Count == 0;

    /// <summary>As Meta does it: what was not acknowledged is delivered again, until it is.</summary>
    private static async Task PostAllAsync(Uri webhook, ConcurrentQueue<byte[]> waiting)
    {
        using var http = new HttpClient();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (waiting.TryDequeue(out var body))
            {
                while (!await Deliveries.TryPostAsync(http, webhook, body)) await Task.Delay(100);
            }
        })));
    }

    private static async Task<long> CountAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written by the tests themselves.
        command.CommandText = sql;
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private static string Mid(int number) => $"m_{number:0000}";

    /// <summary>A message of one of fifty customers.</summary>
    private static async Task DeliverAsync(AppProcess app, int number) =>
        Assert.True(await Deliveries.TryPostAsync(
            app.Http, app.Webhook, Deliveries.Of(new SentText($"70000000000000{number % 50:00}", Mid(number), $"Message {number}"))));
}
