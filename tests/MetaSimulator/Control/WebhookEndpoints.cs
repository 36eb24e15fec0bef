using System.Text;
using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Graph;
using MetaMessaging.MetaSimulator.State;
using MetaMessaging.MetaSimulator.Webhooks;

namespace MetaMessaging.MetaSimulator.Control;

/// <summary>Lists, waits for, repeats, shapes and forges webhook deliveries.</summary>
internal static class WebhookEndpoints
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(10);

    public static void Map(IEndpointRouteBuilder sim)
    {
        sim.MapGet("/deliveries", List);
        sim.MapDelete("/deliveries", (Platform platform) => platform.Webhooks.Log.Clear());
        sim.MapGet("/deliveries/idle", WaitUntilIdleAsync);
        sim.MapGet("/deliveries/{id:long}", (long id, Platform platform) => DeliveryModel.Of(Find(platform, id), withBody: true));
        sim.MapPost("/deliveries/{id:long}/redeliver", Redeliver);

        sim.MapGet("/webhooks/shaping", (Platform platform) => platform.Webhooks.Shaper.Shaping);
        sim.MapPut("/webhooks/shaping", (Shaping shaping, Platform platform) =>
        {
            platform.Webhooks.Shaper.Set(shaping);
            return shaping;
        });
        sim.MapPost("/webhooks/release", (ReleaseRequest? request, Platform platform) =>
            new { posts = platform.Webhooks.Release(request?.Order ?? ReleaseOrder.InOrder, request?.BatchSize ?? 1) });
        sim.MapPost("/webhooks/raw", PostRawAsync);
        sim.MapPost("/webhooks/dashboard-test", PressTestAsync);
    }

    private static object List(Platform platform, DeliveryStatus? status, string? customerId, int? limit) => new
    {
        delivered = platform.Webhooks.Log.Delivered,
        failedAttempts = platform.Webhooks.Log.FailedAttempts,
        dropped = platform.Webhooks.Log.Dropped,
        pending = platform.Webhooks.Pending,
        retrying = platform.Webhooks.Retrying,
        held = platform.Webhooks.Shaper.HeldCount,
        items = platform.Webhooks.Log.NewestFirst
            .Where(delivery => status is null || delivery.Status == status)
            .Where(delivery => customerId is null || delivery.CustomerId == customerId)
            .Take(limit ?? 100).Select(delivery => DeliveryModel.Of(delivery, withBody: false)),
    };

    /// <summary>Answers when no delivery is pending, or with the counts when the time is up.</summary>
    private static async Task<IResult> WaitUntilIdleAsync(int? timeoutMs, Platform platform, CancellationToken cancellationToken)
    {
        var webhooks = platform.Webhooks;
        var until = DateTime.UtcNow + (timeoutMs is { } ms ? TimeSpan.FromMilliseconds(ms) : DefaultWait);
        while (webhooks.Pending > 0 && DateTime.UtcNow < until) await Task.Delay(5, cancellationToken);

        var pending = webhooks.Pending;
        return Results.Json(
            new { idle = pending is 0, pending, retrying = webhooks.Retrying, held = webhooks.Shaper.HeldCount },
            statusCode: pending is 0 ? StatusCodes.Status200OK : StatusCodes.Status408RequestTimeout);
    }

    private static IResult Redeliver(long id, int? times, Platform platform)
    {
        var delivery = Find(platform, id);
        for (var i = 0; i < (times ?? 1); i++) platform.Webhooks.Redeliver(delivery);
        return Results.NoContent();
    }

    private static Delivery Find(Platform platform, long id) =>
        platform.Webhooks.Log.Find(id) ?? throw ControlException.NotFound($"delivery {id}");

    /// <summary>Posts any bytes with the given signature: valid, wrong, missing, legacy (SHA-1 only), or a header's text.</summary>
    private static async Task<object> PostRawAsync(RawRequest request, Platform platform, CancellationToken cancellationToken)
    {
        var body = request.BodyBase64 is { } base64 ? Convert.FromBase64String(base64)
            : request.Body is { } text ? Encoding.UTF8.GetBytes(text)
            : MetaJson.ToBytes(request.Json);
        var callbackUrl = request.CallbackUrl
            ?? platform.Webhooks.Subscriptions.Find(request.Object ?? "page")?.CallbackUrl
            ?? platform.Webhooks.Subscriptions.All.FirstOrDefault()?.CallbackUrl
            ?? throw new ControlException("The app has no webhook yet: give callbackUrl.");
        var secret = request.Secret ?? platform.Settings.App.Secret;
        var valid = WebhookSignature.Of(body, secret);
        var (signature, legacy) = (request.Signature ?? "valid") switch
        {
            "valid" => (valid, WebhookSignature.LegacyOf(body, secret)),
            "wrong" => (WebhookSignature.Of(body, secret + "x"), null),
            "missing" => (null, null),
            "legacy" => (null, WebhookSignature.LegacyOf(body, secret)),
            var header => (header, (string?)null),
        };
        var (status, latency, error, answer) = await platform.Webhooks.Poster.PostAsync(
            callbackUrl, body, signature, legacy, readAnswer: true, cancellationToken);
        return new { status, latencyMs = latency, error, body = answer, signature };
    }

    /// <summary>
    /// The dashboard's Test button: a change with invented ids, or a message in the entry 0 (platform reference, Webhooks →
    /// Dashboard test).
    /// </summary>
    private static Task<object> PressTestAsync(TestRequest? request, Platform platform, CancellationToken cancellationToken)
    {
        var (webhookObject, field) = (request?.Object ?? "page", request?.Field ?? "messages");
        var isPage = webhookObject is "page";
        var value = new JsonObject
        {
            ["sender"] = new JsonObject { ["id"] = "12334" }, ["recipient"] = new JsonObject { ["id"] = "23245" },
            ["timestamp"] = "1527459824",
        };
        if (field.Contains("postback", StringComparison.Ordinal))
            value["postback"] = new JsonObject { ["mid"] = "random_mid", ["title"] = "Talk to human", ["payload"] = "test_payload" };
        else value["message"] = new JsonObject
        {
            ["mid"] = isPage ? "test_message_id" : "random_mid", ["text"] = isPage ? "test_message" : "random_text",
        };

        var entry = new JsonObject { ["id"] = "0", ["time"] = platform.Clock.NowSeconds };
        if (request?.AsMessaging is true) entry["messaging"] = new JsonArray(value);
        else entry["changes"] = new JsonArray(new JsonObject { ["field"] = field, ["value"] = value });
        var body = new JsonObject { ["object"] = webhookObject, ["entry"] = new JsonArray(entry) };
        return PostRawAsync(new RawRequest(null, null, body, null, null, null, webhookObject), platform, cancellationToken);
    }

    internal sealed record TestRequest(string? Object, string? Field, bool? AsMessaging);

    internal sealed record ReleaseRequest(ReleaseOrder? Order, int? BatchSize);

    internal sealed record RawRequest(
        string? Body, string? BodyBase64, JsonNode? Json, string? Signature, string? Secret, string? CallbackUrl, string? Object);

    internal sealed record DeliveryModel(
        long Id,
        DateTimeOffset CreatedAt,
        string Object,
        IReadOnlyList<string> AccountIds,
        string CustomerId,
        IReadOnlyList<string> Kinds,
        string CallbackUrl,
        DeliveryStatus Status,
        string? Note,
        int Bytes,
        IReadOnlyList<DeliveryAttempt> Attempts,
        string? Body)
    {
        public static DeliveryModel Of(Delivery delivery, bool withBody) => new(
            delivery.Id, delivery.CreatedAt, delivery.Object, delivery.AccountIds, delivery.CustomerId, delivery.Kinds,
            delivery.CallbackUrl,
            delivery.Status, delivery.Note, delivery.Body.Length, delivery.Attempts,
            withBody ? Encoding.UTF8.GetString(delivery.Body) : null);
    }
}
