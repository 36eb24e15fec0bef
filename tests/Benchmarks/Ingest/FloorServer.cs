using MetaMessaging.Application.Inbound;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MetaMessaging.Benchmarks.Ingest;

/// <summary>The baseline: reads the body, checks the signature and answers 200 without storing anything.</summary>
internal static class FloorServer
{
    public const string Name = "floor";

    public static async Task RunAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet("/health/ready", () => TypedResults.Ok());
        app.MapPost(IngestWebhook.Path, async (HttpRequest request) =>
            await ReadSignedAsync(request) is null
                ? Results.StatusCode(StatusCodes.Status403Forbidden)
                : Results.Text("EVENT_RECEIVED", "text/plain"));
        await app.RunAsync();
    }

    /// <returns>Null when the signature is wrong.</returns>
    public static async Task<byte[]?> ReadSignedAsync(HttpRequest request)
    {
        using var body = new MemoryStream((int)(request.ContentLength ?? 4096));
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        var bytes = body.ToArray();
        return WebhookSignature.IsValid(bytes, request.Headers[IngestWebhook.SignatureHeader], IngestWebhook.AppSecret) ? bytes : null;
    }
}
