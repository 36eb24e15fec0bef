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
        arrived.Enqueue(new Arrival(recipientId, int.Parse(text, CultureInfo.InvariantCulture), began));
        await Task.Delay(latency);
        return TypedResults.Json(new { recipient_id = recipientId, message_id = $"m_{Interlocked.Increment(ref lastMid)}" });
    }
}

/// <param name="Number">The text of the message, which is its position in the conversation.</param>
internal sealed record Arrival(string RecipientId, int Number, long At);
