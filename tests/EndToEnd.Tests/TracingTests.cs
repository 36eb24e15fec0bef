using System.Globalization;
using System.Net.Http.Json;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.Data.Sqlite;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>What a collector receives of the real app: one trace from Meta's webhook to the live update, and one from a send to its
/// receipt.</summary>
public sealed class TracingTests
{
    private const string Peter = "7654321098765432";

    /// <summary>Fewer than the links that a span may have.</summary>
    private const int Count = 100;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_message_is_one_trace_on_its_way_in_and_one_on_its_way_out()
    {
        await using var collector = await TraceCollector.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await StartTracedAsync(meta, collector);

        await meta.Control.WriteAsync(Peter, "Something private");
        var conversationId = await app.ConversationOfAsync("facebookMessenger");
        await Until.True(
            () => Task.FromResult(TracesWith("RecordMessage").Any(t => NamesIn(t).Contains("EnrichContact"))),
            Limit, () => Describe(TracesWith("RecordMessage")));
        var inbound = NamesIn(TracesWith("RecordMessage").Single());
        string[] way =
        [
            "POST /integrations/meta-messaging/webhook", "ReceiveWebhook", "commit webhook_deliveries", "process webhook_deliveries",
            "process webhook_delivery", "RecordMessage", "MessageCreated", "job EnrichContact", "EnrichContact", "GET",
        ];
        Assert.Empty(way.Except(inbound));

        using var accepted = await app.Http.PostAsJsonAsync(
            "api/messaging/send", new { conversationId, text = "A private answer" }, TestContext.Current.CancellationToken);
        accepted.EnsureSuccessStatusCode();
        var outbound = "";
        await Until.True(
            () => Task.FromResult((outbound = TracesWith("send message").SingleOrDefault() ?? "").Length > 0
                && NamesIn(outbound).Contains("record outcome") && collector.Spans.Any(s => s.Links.Contains(outbound))
                && LinkedIn(outbound).IsSupersetOf(["echo", "receipt"])),
            Limit, () => Describe([outbound]));
        way = ["POST /api/messaging/send", "SendMessage", "send message", "POST", "record outcome"];
        Assert.Empty(way.Except(NamesIn(outbound)));

        using var scrape = new HttpRequestMessage(HttpMethod.Get, "metrics") { Headers = { { "Accept", "application/openmetrics-text" } } };
        using var scraped = await app.Http.SendAsync(scrape, TestContext.Current.CancellationToken);
        var metrics = await scraped.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("# {trace_id=\"", metrics, StringComparison.Ordinal);

        Assert.DoesNotContain("private", collector.Everything, StringComparison.Ordinal);
        Assert.DoesNotContain(Peter, collector.Everything, StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync(app, "SELECT count(*) FROM messages WHERE trace_parent IS NOT NULL"));
        Assert.Equal(0, await CountAsync(app, "SELECT count(*) FROM webhook_deliveries WHERE trace_parent IS NULL"));

        List<string> TracesWith(string name) => [.. collector.Spans.Where(s => s.Name == name).Select(s => s.TraceId).Distinct()];

        HashSet<string> NamesIn(string trace) => [.. collector.Spans.Where(s => s.TraceId == trace).Select(s => s.Name)];

        HashSet<string> LinkedIn(string trace) =>
            [.. collector.Spans.Where(s => s.TraceId == trace && s.Links.Count > 0).Select(s => s.Name)];

        string Describe(IEnumerable<string> traces) =>
            string.Join('\n', traces.Select(t => $"{t}: {string.Join(", ", NamesIn(t))}"))
            + $"\nall: {string.Join(", ", collector.Spans.Select(s => s.Name).Distinct())}\n{app.Log}";
    }

    [Fact]
    public async Task Several_deliveries_in_one_batch_keep_their_traces_and_the_batch_names_them()
    {
        await using var collector = await TraceCollector.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await StartTracedAsync(meta, collector);

        await Parallel.ForAsync(0, Count, TestContext.Current.CancellationToken, async (number, _) => Assert.True(
            await Deliveries.TryPostAsync(app.Http, app.Webhook, Deliveries.Of(new SentText(
                string.Create(CultureInfo.InvariantCulture, $"70000000000000{number % 50:00}"), $"m_{number}", "Hello")))));
        await Until.True(   // a batch ends after its deliveries
            () => Task.FromResult(TracesNamedBy(Batches()).Count == Count), Limit,
            () => $"{TracesNamedBy(Batches()).Count} traces are named.\n{app.Log}");

        var traces = TracesNamedBy(Batches());
        Assert.Equal(traces, TracesOf("process webhook_delivery"));
        Assert.Equal(traces, TracesOf("RecordMessage"));
        Assert.Contains(Batches(), b => b.Links.Count > 1);

        List<Span> Batches() => [.. collector.Spans.Where(s => s.Name == "process webhook_deliveries")];

        HashSet<string> TracesOf(string name) => [.. collector.Spans.Where(s => s.Name == name).Select(s => s.TraceId)];

        static HashSet<string> TracesNamedBy(List<Span> batches) =>
            [.. batches.SelectMany(b => b.Links.Count > 0 ? b.Links : [b.TraceId])];
    }

    [Fact]
    public async Task A_live_update_on_another_node_is_in_the_trace_of_the_message()
    {
        await using var collector = await TraceCollector.StartAsync();
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await StartTracedAsync(meta, collector);
        await using var other = await app.StartSecondNodeAsync();

        await meta.Control.WriteAsync(Peter, "Hello");

        await Until.True(
            () => Task.FromResult(TracesWith("live update").Overlaps(TracesWith("RecordMessage"))), Limit,
            () => $"{string.Join(", ", collector.Spans.Select(s => s.Name).Distinct())}\n{app.Log}\n{other.Log}");

        HashSet<string> TracesWith(string name) => [.. collector.Spans.Where(s => s.Name == name).Select(s => s.TraceId)];
    }

    [Fact]
    public async Task Without_an_endpoint_nothing_is_stored_for_traces()
    {
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        await app.ConnectPageAsync();
        await meta.Control.WriteAsync(Peter, "Hello");
        var conversationId = await app.ConversationOfAsync("facebookMessenger");

        using var accepted = await app.Http.PostAsJsonAsync(
            "api/messaging/send", new { conversationId, text = "Hello" }, TestContext.Current.CancellationToken);

        Assert.Equal(0, await CountAsync(
            app, "SELECT (SELECT count(trace_parent) FROM messages) + (SELECT count(trace_parent) FROM webhook_deliveries)"));
    }

    private static async Task<AppProcess> StartTracedAsync(Simulator meta, TraceCollector collector)
    {
        var app = await AppProcess.StartAsync(meta, new Dictionary<string, string?>
        {
            ["OpenTelemetry__Endpoint"] = collector.Address.ToString(), ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        });
        await app.ConnectPageAsync();
        return app;
    }

    private static async Task<long> CountAsync(AppProcess app, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={app.DatabaseFile};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written by the tests themselves.
        command.CommandText = sql;
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
