using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Graph;
using MetaMessaging.MetaSimulator.OAuth;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Webhooks;

/// <summary>
/// The two levels of subscription: the app's callback and fields, and the Page's (platform reference, OAuth → subscribed_apps; OAuth →
/// App-level subscription; Webhooks → Verification).
/// </summary>
internal static class SubscriptionEdges
{
    private static readonly char[] Separators = [',', ' '];
    private static readonly string[] TasksToSubscribe = ["MODERATE", "MANAGE", "CREATE_CONTENT"];

    public static void Map(GraphRoutes routes, HttpClient http)
    {
        routes.Edge("POST", "subscribed_apps", "subscribedApps", SubscribePage);
        routes.Edge("GET", "subscribed_apps", "subscribedApps", ReadPage);
        routes.Edge("DELETE", "subscribed_apps", "subscribedApps", UnsubscribePage);
        routes.EdgeAsync("POST", "subscriptions", "subscriptions", async call => await SubscribeAppAsync(call, http));
        routes.Edge("GET", "subscriptions", "subscriptions", ReadApp);
        routes.Edge("DELETE", "subscriptions", "subscriptions", UnsubscribeApp);
    }

    private static Page RequirePage(GraphCall call)
    {
        var page = call.RequirePage();
        return call.Path[0] is "me" || call.Path[0] == page.Id ? page : throw GraphErrors.Unsupported(call.Method, call.Path[0]);
    }

    private static JsonObject SubscribePage(GraphCall call)
    {
        var page = RequirePage(call);
        call.RequirePermission(Permissions.PagesManageMetadata);
        if (!call.Tasks(page.Id).Intersect(TasksToSubscribe).Any()) throw GraphErrors.Refuse(200);

        var fields = ReadFields(call, "subscribed_fields", WebhookFields.Page);
        if (fields is []) throw GraphErrors.MissingParameter("subscribed_fields");
        if (fields.Any(WebhookFields.IsMessaging)) call.RequirePermission(Permissions.PagesMessaging);

        page.SubscribedFields = fields;
        call.Platform.Live.Publish("pages");
        return Success();
    }

    private static JsonObject ReadPage(GraphCall call)
    {
        var page = RequirePage(call);
        call.RequirePermission(Permissions.PagesShowList);
        if (page.SubscribedFields is not { } fields) return new JsonObject { ["data"] = new JsonArray() };

        var app = call.Platform.Settings.App;
        return new JsonObject
        {
            ["data"] = new JsonArray(new JsonObject
            {
                ["category"] = "Business",
                ["link"] = "https://gateway.example/",
                ["name"] = app.Name,
                ["id"] = app.Id,
                ["subscribed_fields"] = new JsonArray([.. fields.Select(field => (JsonNode)field)]),
            }),
        };
    }

    /// <summary>Accepts the app's own token as well, because the Page's token may be invalid.</summary>
    private static JsonObject UnsubscribePage(GraphCall call)
    {
        var page = call.Token is { Kind: TokenKind.App }
            ? call.Platform.Pages.GetValueOrDefault(call.Path[0]) ?? throw GraphErrors.Unsupported(call.Method, call.Path[0])
            : RequirePage(call);
        call.RequirePermission(Permissions.PagesManageMetadata);
        page.SubscribedFields = null;
        call.Platform.Live.Publish("pages");
        return Success();
    }

    private static void RequireApp(GraphCall call)
    {
        if (call.Path[0] != call.Platform.Settings.App.Id) throw GraphErrors.Unsupported(call.Method, call.Path[0]);
        if (call.Token is not { Kind: TokenKind.App })
            throw new GraphException(new GraphError(15, null, "(#15) This method must be called with an app access_token."));
    }

    private static async Task<JsonObject> SubscribeAppAsync(GraphCall call, HttpClient http)
    {
        RequireApp(call);
        var webhookObject = call.Require("object");
        var known = webhookObject switch
        {
            "page" => WebhookFields.Page,
            "instagram" => WebhookFields.Instagram,
            _ => throw GraphErrors.InvalidParameter($"Param object must be one of {{page, instagram}} - got \"{webhookObject}\"."),
        };
        var earlier = call.Platform.Webhooks.Subscriptions.Find(webhookObject);
        var callbackUrl = call.Text("callback_url") ?? earlier?.CallbackUrl ?? throw GraphErrors.MissingParameter("callback_url");
        var verifyToken = call.Text("verify_token") ?? earlier?.VerifyToken ?? throw GraphErrors.MissingParameter("verify_token");
        var fields = ReadFields(call, "fields", known, webhookObject);
        if (!ExternalAddress.IsAcceptable(callbackUrl, out _))
            throw GraphErrors.InvalidParameter("Callback URL must be a valid https address");

        await VerifyAsync(call, http, callbackUrl, verifyToken);
        call.Platform.Webhooks.Subscriptions.Set(new AppSubscription(
            webhookObject,
            callbackUrl,
            verifyToken,
            fields is [] ? earlier?.Fields ?? [] : fields,
            call.Text("include_values") is not "false"));
        call.Platform.Live.Publish("pages");
        return Success();
    }

    private static JsonObject ReadApp(GraphCall call)
    {
        RequireApp(call);
        return new JsonObject
        {
            ["data"] = new JsonArray([.. call.Platform.Webhooks.Subscriptions.All.Select(subscription => new JsonObject
            {
                ["object"] = subscription.Object,
                ["callback_url"] = subscription.CallbackUrl,
                ["active"] = true,
                ["fields"] = new JsonArray(
                    [.. subscription.Fields.Select(field => (JsonNode)new JsonObject { ["name"] = field, ["version"] = call.Version })]),
            })]),
        };
    }

    private static JsonObject UnsubscribeApp(GraphCall call)
    {
        RequireApp(call);
        foreach (var subscription in call.Platform.Webhooks.Subscriptions.All.ToList())
        {
            if (call.Text("object") is not { } one || one == subscription.Object)
                call.Platform.Webhooks.Subscriptions.Remove(subscription.Object);
        }

        return Success();
    }

    /// <summary>Sends the verification request (platform reference, Webhooks → Verification) before the call is answered.</summary>
    private static async Task VerifyAsync(GraphCall call, HttpClient http, string callbackUrl, string verifyToken)
    {
        var challenge = $"{RandomNumberGenerator.GetInt32(100_000_000, int.MaxValue)}";
        var separator = callbackUrl.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        var address =
            $"{callbackUrl}{separator}hub.mode=subscribe&hub.challenge={challenge}&hub.verify_token={Uri.EscapeDataString(verifyToken)}";
        using var limit = new CancellationTokenSource(call.Platform.Settings.Behaviour.WebhookTimeoutMs);
        try
        {
            using var answer = await http.GetAsync(address, limit.Token);
            if ((int)answer.StatusCode is not StatusCodes.Status200OK)
            {
                throw Failed($"HTTP Status Code = {(int)answer.StatusCode}; HTTP Message = {answer.ReasonPhrase}");
            }

            // Byte for byte: quotes, a newline or a byte order mark are a failed verification.
            if (await answer.Content.ReadAsStringAsync(limit.Token) != challenge)
            {
                throw new GraphException(
                    new GraphError(2201, null, "(#2201) response does not match challenge, expected value=\"" + challenge + "\""));
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            throw Failed(
                exception is HttpRequestException
                    ? "curl_errno = 7; curl_error = Failed to connect"
                    : "curl_errno = 28; curl_error = Operation timed out");
        }

        static GraphException Failed(string why) =>
            new(new GraphError(2200, null, $"(#2200) Callback verification failed with the following errors: {why}"));
    }

    private static List<string> ReadFields(GraphCall call, string parameter, IReadOnlyList<string> known, string webhookObject = "page")
    {
        var names = call.Parameters[parameter] is JsonArray array
            ? array.Select(GraphCall.AsText).OfType<string>()
            : (call.Text(parameter) ?? "").Trim('[', ']')
                .Replace("\"", "", StringComparison.Ordinal)
                .Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        var fields = names.Select(name => WebhookFields.Normalise(name, webhookObject)).Distinct().ToList();
        var index = fields.FindIndex(field => !known.Contains(field));
        return index < 0
            ? fields
            : throw GraphErrors.InvalidParameter(
                $"Param {parameter}[{index}] must be one of {{{string.Join(", ", known)}}} - got \"{fields[index]}\".");
    }

    private static JsonObject Success() => new() { ["success"] = true };
}
