using MetaMessaging.Application.Inbound;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace MetaMessaging.WebUI.Api.Inbound;

internal sealed class ReceiveWebhookEndpoint : IEndpoint
{
    /// <summary>Kestrel counts the framing of a chunked body towards its limit; ours is about the body alone.</summary>
    private const int MaxChunkFramingBytes = 64 * 1024;

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/integrations/meta-messaging/webhook", HandleAsync)
        .AllowAnonymous()   // the signature authenticates Meta
        .ShortCircuit()     // skips the middleware that resolves the caller, because a delivery has none
        .WithTags("Webhook").WithSummary("Receives events from Meta")
        .WithParameter(
            ParameterLocation.Header, "X-Hub-Signature-256",
            "`sha256=` and the HMAC-SHA256 of the body under the app secret, in hexadecimal.",
            "sha256=2f3c6a8f0d1b4e5796a7b8c9d0e1f2031425364758697a8b9cadbecfd0e1f203")
        .WithJsonBody(
            "The signature is verified over the exact bytes of the body, which are stored unchanged and parsed afterwards.",
            """
            {"object":"page","entry":[{"id":"109876543210987","time":1760000000123,"messaging":[{"sender":{"id":"7654321098765432"},
            "recipient":{"id":"109876543210987"},"timestamp":1760000000123,"message":{"mid":"m_AG5Hz2U","text":"Hello"}}]}]}
            """)
        .WithProblems("malformed_request", "invalid_signature", "too_large", "delivery_not_stored")
        .WithProblem(StatusCodes.Status503ServiceUnavailable, "meta_not_configured");

    private static async Task<ContentHttpResult> HandleAsync(
        HttpRequest request, IOptions<WebhookLimits> limits, IMediator mediator, CancellationToken cancellationToken)
    {
        var body = await ReadAsync(request, limits.Value.MaxBodyBytes, cancellationToken);
        var signature = request.Headers["X-Hub-Signature-256"] is [{ } single] ? single : null;
        await mediator.Send(new ReceiveWebhook(body, signature), cancellationToken);
        return TypedResults.Text("EVENT_RECEIVED", "text/plain");
    }

    /// <summary>The signature covers the raw bytes, so the body is read before anything parses it.</summary>
    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes) throw TooLarge();
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = maxBytes + MaxChunkFramingBytes;

        using var body = new MemoryStream((int)(request.ContentLength ?? 4096));
        await request.Body.CopyToAsync(body, cancellationToken);
        if (body.Length > maxBytes) throw TooLarge();
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private static BadHttpRequestException TooLarge() => new("The delivery is too large.", StatusCodes.Status413PayloadTooLarge);
}

/// <summary>Section Webhooks: how large a delivery may be.</summary>
internal sealed class WebhookLimits
{
    public const string Section = "Webhooks";

    /// <summary>Above it a delivery could not be queued: see GroupCommitWriter.</summary>
    public const int MaxValue = 128 * 1024 * 1024;

    public int MaxBodyBytes { get; set; } = 4 * 1024 * 1024;

    public bool IsValid => MaxBodyBytes is > 0 and <= MaxValue;
}
