using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MetaMessaging.Benchmarks.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MetaMessaging.Benchmarks.Sending;

/// <summary>A Send API that accepts every message after the latency, and records the order of arrival.</summary>
internal sealed class SendStub : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Arrival> arrived = new();
    private long lastMid;

    private SendStub(WebApplication app) => this.app = app;

    public string Address => app.Urls.First();

    public IReadOnlyList<Arrival> Arrived => [.. arrived];

    public int Count => arrived.Count;

    public static async Task<SendStub> StartAsync(TimeSpan latency)
    {
        var builder = WebApplication.CreateSlimBuilder([ServerProcess.NoFileWatching]);
        builder.Logging.ClearProviders();
        var stub = new SendStub(builder.Build());
        stub.app.Urls.Add("http://127.0.0.1:" + ServerProcess.FindFreePort().ToString(CultureInfo.InvariantCulture));
        stub.app.MapPost("/{version}/{page}/messages", async (HttpRequest request) => await stub.AcceptAsync(request, latency));
        stub.app.MapGet(
            "/{version}/{page}/conversations", (string user_id) => TypedResults.Json(
                new { data = new[] { new { id = $"t_{user_id}", updated_time = Time(DateTimeOffset.UtcNow) } } }));
        stub.app.MapGet("/{version}/t_{customer}", (string customer) => TypedResults.Json(stub.ListMessages(customer)));
        stub.app.MapGet(
            "/{**path}", (string path) => TypedResults.Json(new { id = path.Split('/')[^1], first_name = "Nora", last_name = "Berg" }));
        await stub.app.StartAsync();
        return stub;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task<IResult> AcceptAsync(HttpRequest request, TimeSpan latency)
    {
        var began = Stopwatch.GetTimestamp();
        using var body = await JsonDocument.ParseAsync(request.Body);
        var recipientId = body.RootElement.GetProperty("recipient").GetProperty("id").GetString()!;
        var text = body.RootElement.GetProperty("message").GetProperty("text").GetString()!;
        var mid = $"m_{Interlocked.Increment(ref lastMid)}";
        arrived.Enqueue(new Arrival(recipientId, int.Parse(text, CultureInfo.InvariantCulture), began, mid, DateTimeOffset.UtcNow));
        await Task.Delay(latency);
        return TypedResults.Json(new { recipient_id = recipientId, message_id = mid });
    }

    /// <summary>The latest messages of a conversation, by which the app finds out whether an unanswered send was accepted.</summary>
    private object ListMessages(string customer) => new
    {
        id = $"t_{customer}",
        messages = new
        {
            data = arrived.Where(a => a.RecipientId == customer).OrderByDescending(a => a.AcceptedAt).Take(20).Select(a => new
            {
                id = a.Mid, created_time = Time(a.AcceptedAt), from = new { id = "page" },
                message = a.Number.ToString(CultureInfo.InvariantCulture),
            }),
        },
    };

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ss+0000", CultureInfo.InvariantCulture);
}

/// <param name="Number">The text of the message, which is its position in the conversation.</param>
internal sealed record Arrival(string RecipientId, int Number, long At, string Mid, DateTimeOffset AcceptedAt);
