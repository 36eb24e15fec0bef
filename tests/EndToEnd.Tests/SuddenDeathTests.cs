using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>kill -9 at the worst moments: what was acknowledged is processed once, what was accepted is sent once.</summary>
public sealed class SuddenDeathTests
{
    private const string Peter = "7654321098765432";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Deliveries_acknowledged_before_the_process_died_are_processed_once_after_it_starts_again()
    {
        const int count = 1000;
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        await app.ConnectPageAsync();

        await Parallel.ForAsync(0, count, TestContext.Current.CancellationToken, async (number, _) => await DeliverAsync(app, number));
        await app.KillAsync();
        await app.StartAgainAsync();

        await Eventually.TrueAsync(() => NothingPendingAsync(app), Soon, () => app.Log);
        var mids = (await app.MessagesAsync()).Select(m => m["externalId"]!.GetValue<string>()).ToList();
        Assert.Equal(Enumerable.Range(0, count).Select(Mid).Order(StringComparer.Ordinal), mids.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Messages_accepted_before_the_process_died_are_sent_once_and_in_order_after_it_starts_again()
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

        await Eventually.TrueAsync(
            async () => (await OutboundAsync(app, conversation)).All(m => m["status"]!.GetValue<string>() is "sent" or "delivered" or "read"),
            Soon, () => app.Log);
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

    private static string Mid(int number) => $"m_{number:0000}";

    /// <summary>A message of one of fifty customers.</summary>
    private static async Task DeliverAsync(AppProcess app, int number) =>
        Assert.True(await Deliveries.TryPostAsync(app.Http, app.Webhook, Deliveries.Of(new SentText($"70000000000000{number % 50:00}", Mid(number), $"Message {number}"))));
}
