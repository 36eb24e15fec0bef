using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.MetaSimulator.Tests;

/// <summary>The webhook of an app: records the deliveries and answers with configured status codes. It also serves a few files.</summary>
public sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver(WebApplication app) => _app = app;

    public string Url { get; private set; } = "";

    public string BaseUrl { get; private set; } = "";

    public string VerifyToken { get; set; } = "verify-me";

    /// <summary>The status for a delivery, given the number of deliveries before it.</summary>
    public Func<int, int> Answer { get; set; } = _ => StatusCodes.Status200OK;

    public ConcurrentQueue<Received> All { get; } = new();

    /// <summary>The events of all deliveries that were answered with 200, in order of arrival.</summary>
    public IReadOnlyList<JsonNode> Events =>
    [
        .. All.Where(received => received.Status is 200).SelectMany(received => JsonNode.Parse(received.Body)!["entry"]!.AsArray())
            .SelectMany(entry => (entry!["messaging"] ?? entry["standby"])!.AsArray()).Select(webhookEvent => webhookEvent!),
    ];

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        var receiver = new Receiver(builder.Build());
        receiver.Map();
        await receiver._app.StartAsync();
        receiver.BaseUrl = receiver._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        receiver.Url = $"{receiver.BaseUrl}/webhook";
        return receiver;
    }

    public void Clear()
    {
        All.Clear();
        Answer = _ => StatusCodes.Status200OK;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Map()
    {
        _app.UseRouting();
        _app.MapGet("/webhook", (HttpContext http) => http.Request.Query["hub.verify_token"] == VerifyToken
            ? Results.Text(http.Request.Query["hub.challenge"])
            : Results.StatusCode(StatusCodes.Status403Forbidden));
        _app.MapPost("/webhook", async (HttpContext http) =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            var status = Answer(All.Count);
            All.Enqueue(new Received(body.ToArray(), http.Request.Headers["X-Hub-Signature-256"].ToString(), status));
            return Results.StatusCode(status);
        });
        _app.MapGet("/files/{name}", (string name) => name switch
        {
            "picture.png" => Results.Bytes([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "image/png"),
            "not-a-picture.png" => Results.Bytes("<html></html>"u8.ToArray(), "image/png"),
            "page.html" => Results.Bytes("<html></html>"u8.ToArray(), "text/html"),
            "sound.mp3" => Results.Bytes([1, 2, 3], "audio/mpeg"),
            "huge.png" => Results.Bytes([0x89, 0x50, 0x4E, 0x47, .. new byte[8 * 1024 * 1024]], "image/png"),
            _ => Results.NotFound(),
        });
    }
}

public sealed record Received(byte[] Body, string Signature, int Status);
