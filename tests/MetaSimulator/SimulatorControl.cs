using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;

namespace MetaMessaging.MetaSimulator;

/// <summary>A typed client for the control API of a running simulator; the README describes the routes.</summary>
public sealed class SimulatorControl(Uri baseAddress) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>For routes that have no method here, and for Graph calls that a test makes itself.</summary>
    public HttpClient Http { get; } = new() { BaseAddress = baseAddress };

    public Task ResetAsync() => PostAsync("sim/reset", new { });

    /// <summary>Merges into the settings, as in <c>new { behaviour = new { echo = "before" } }</c>.</summary>
    public async Task ConfigureAsync(object patch) => await EnsureAsync(await Http.PatchAsJsonAsync("sim/settings", patch, Json));

    public async Task AdvanceClockAsync(TimeSpan by) =>
        await EnsureAsync(await Http.PutAsJsonAsync("sim/clock", new { advanceMs = (long)by.TotalMilliseconds }, Json));

    /// <summary>The app's webhook, without the verification call.</summary>
    public async Task SetWebhookAsync(string callbackUrl, string verifyToken = "token") =>
        await EnsureAsync(await Http.PutAsJsonAsync("sim/subscriptions", new { callbackUrl, verifyToken }, Json));

    /// <summary>Changes a Page; create one with <see cref="CreatePageAsync"/>.</summary>
    public async Task ChangePageAsync(string pageId, object patch) =>
        await EnsureAsync(await Http.PatchAsJsonAsync($"sim/pages/{pageId}", patch, Json));

    public async Task<JsonNode> CreatePageAsync(object page) => await PostAsync("sim/pages", page);

    /// <summary>Which Pages the person who logs in manages.</summary>
    public async Task SetManagedPagesAsync(params string[] pageIds) =>
        await EnsureAsync(await Http.PutAsJsonAsync("sim/person", new { pageIds }, Json));

    /// <summary>A page token without the dialog.</summary>
    public async Task<string> GrantAsync(string? pageId = null, IEnumerable<string>? permissions = null) =>
        (await PostAsync("sim/tokens/grant", new { pageId, permissions }))["accessToken"]!.GetValue<string>();

    public Task InvalidateTokensAsync(int? subcode, string? pageId = null) => PostAsync("sim/tokens/invalidate", new { subcode, pageId });

    public async Task<string> CreateCustomerAsync(object customer) =>
        (await PostAsync("sim/customers", customer))["id"]!.GetValue<string>();

    public async Task ChangeCustomerAsync(string customerId, object patch) =>
        await EnsureAsync(await Http.PatchAsJsonAsync($"sim/customers/{customerId}", patch, Json));

    /// <summary>The customer with the whole thread, as the phone shows it.</summary>
    public async Task<JsonNode> GetCustomerAsync(string customerId) =>
        (await Http.GetFromJsonAsync<JsonNode>($"sim/customers/{customerId}", Json))!;

    public Task<SentByCustomer> WriteAsync(string customerId, string text, DateTimeOffset? at = null) =>
        WriteAsync(customerId, new { text, timestamp = at?.ToString("o") });

    /// <summary>Any message: attachments, reply, story, referral.</summary>
    public async Task<SentByCustomer> WriteAsync(string customerId, object message) =>
        (await PostAsync($"sim/customers/{customerId}/messages", message)).Deserialize<SentByCustomer>(Json)!;

    /// <summary>Removes the reaction when the emoji is null. Without a mid it reacts to the business's last message.</summary>
    public Task ReactAsync(string customerId, string? emoji, string? mid = null) =>
        PostAsync($"sim/customers/{customerId}/reactions", new { emoji, mid });

    public Task UnsendAsync(string customerId, string mid) => PostAsync($"sim/customers/{customerId}/messages/{mid}/unsend", new { });

    public Task EditAsync(string customerId, string mid, string text) =>
        PostAsync($"sim/customers/{customerId}/messages/{mid}/edit", new { text });

    /// <summary>Reads everything, or up to one message.</summary>
    public Task ReadAsync(string customerId, string? mid = null) => PostAsync($"sim/customers/{customerId}/read", new { mid });

    /// <summary>Sends any event that is not a message, by its name in the README.</summary>
    public Task TriggerEventAsync(string customerId, string name, object? changes = null) =>
        PostAsync($"sim/customers/{customerId}/events/{name}", new { @event = changes });

    /// <summary>Answers in Meta's own inbox or in another app; the gateway only receives the echo.</summary>
    public async Task<SentByCustomer> AnswerElsewhereAsync(string customerId, string text, string? appId = null) =>
        (await PostAsync($"sim/customers/{customerId}/elsewhere", new { text, appId })).Deserialize<SentByCustomer>(Json)!;

    /// <summary>As in <c>new { operation = "send", code = 613, times = 2 }</c>.</summary>
    public Task PlanFaultAsync(object fault) => PostAsync("sim/faults", fault);

    public async Task ClearFaultsAsync() => await EnsureAsync(await Http.DeleteAsync("sim/faults"));

    /// <summary>As in <c>new { copies = 3 }</c>; an empty object is normal delivery.</summary>
    public async Task ShapeWebhooksAsync(object shaping) =>
        await EnsureAsync(await Http.PutAsJsonAsync("sim/webhooks/shaping", shaping, Json));

    /// <summary>Posts any body to the callback; <paramref name="signature"/> is valid, wrong, missing, legacy or a header's text.</summary>
    public Task<JsonNode> PostRawAsync(string body, string signature = "valid", string? callbackUrl = null) =>
        PostAsync("sim/webhooks/raw", new { body, signature, callbackUrl });

    /// <summary>Sends many messages at a rate; returns when they are emitted, which can be before they are delivered.</summary>
    public Task BurstAsync(
        int messages, int customers = 1, int? perSecond = null, string? pageId = null, string? channel = null, int? eventsPerPost = null) =>
        PostAsync("sim/bursts", new { messages, customers, perSecond, pageId, channel, eventsPerPost, wait = true });

    /// <summary>Returns when no delivery is pending.</summary>
    /// <exception cref="TimeoutException">Deliveries are still pending when the time is up.</exception>
    public async Task WaitUntilIdleAsync(TimeSpan? timeout = null)
    {
        using var answer = await Http.GetAsync(
            $"sim/deliveries/idle?timeoutMs={(long)(timeout ?? TimeSpan.FromSeconds(10)).TotalMilliseconds}");
        if (answer.StatusCode is HttpStatusCode.RequestTimeout) throw new TimeoutException(await answer.Content.ReadAsStringAsync());
        await EnsureAsync(answer);
    }

    public async Task<JsonNode> GetDeliveriesAsync(string query = "") =>
        (await Http.GetFromJsonAsync<JsonNode>($"sim/deliveries{query}", Json))!;

    /// <summary>The messages that the Send API accepted, in order.</summary>
    public async Task<IReadOnlyList<AcceptedByMeta>> GetAcceptedAsync(string? recipientId = null) =>
        (await Http.GetFromJsonAsync<List<AcceptedByMeta>>(WithQuery("sim/accepted?", "recipientId", recipientId), Json))!;

    public async Task<IReadOnlyList<CallToMeta>> GetCallsAsync(string? operation = null) =>
        (await Http.GetFromJsonAsync<List<CallToMeta>>(WithQuery("sim/calls?limit=50000&", "operation", operation), Json))!;

    /// <summary>Consents to everything that Meta's login dialog asks for.</summary>
    /// <returns>Where the dialog sends the browser next: the app's callback.</returns>
    public async Task<Uri> ConsentAsync(Uri dialog)
    {
        var scopes = QueryHelpers.ParseQuery(dialog.Query)["scope"].ToString().Split(',');
        var pages = (await Http.GetFromJsonAsync<JsonArray>("sim/pages", Json))!.Where(page => (bool)page!["managed"]!);
        var fields = scopes.Select(scope => KeyValuePair.Create("permissions", scope))
            .Concat(pages.Select(page => KeyValuePair.Create("pages", (string)page!["id"]!)))
            .Append(KeyValuePair.Create("action", "continue"));
        using var form = new FormUrlEncodedContent(fields);
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var answer = await browser.PostAsync(dialog, form);
        return answer.Headers.Location
            ?? throw new HttpRequestException($"The dialog answered {(int)answer.StatusCode} without a redirect.");
    }

    /// <summary>Loads a script of conversations and adds its people to the customers.</summary>
    public async Task LoadStoryAsync(string script)
    {
        using var content = new StringContent(script);
        await EnsureAsync(await Http.PutAsync("sim/story", content));
    }

    /// <summary>Plays what the loaded story tells of the past, with past times.</summary>
    public async Task<PlayedStory> PlayStoryAsync() => (await PostAsync("sim/story/play", new { })).Deserialize<PlayedStory>(Json)!;

    /// <summary>Plays the next line of today, or returns it when an agent has to send it; null at the end of the story.</summary>
    public async Task<NextStoryLine?> PlayNextLineAsync()
    {
        var line = await PostAsync("sim/story/next", new { });
        return line["customerId"] is null ? null : line.Deserialize<NextStoryLine>(Json);
    }

    public void Dispose() => Http.Dispose();

    private static string WithQuery(string path, string name, string? value) => value is null ? path : $"{path}{name}={value}";

    private async Task<JsonNode> PostAsync(string path, object body)
    {
        using var answer = await Http.PostAsJsonAsync(path, body, Json);
        await EnsureAsync(answer);
        var text = await answer.Content.ReadAsStringAsync();
        return text is "" ? new JsonObject() : JsonNode.Parse(text)!;
    }

    private static async Task EnsureAsync(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException($"The simulator answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }
}

public sealed record SentByCustomer(string Mid, long Timestamp);

public sealed record AcceptedByMeta(
    long Number,
    string Mid,
    string PageId,
    string Channel,
    string RecipientId,
    long At,
    string? Text,
    IReadOnlyList<string> AttachmentTypes,
    string? Metadata,
    string? MessagingType,
    string? Tag,
    string? ReplyToMid,
    IReadOnlyList<AttachmentAcceptedByMeta> Attachments,
    IReadOnlyList<string> QuickReplies);

/// <param name="Sha256">Of the file's bytes, in lower-case hex.</param>
/// <param name="Payload">A template's.</param>
public sealed record AttachmentAcceptedByMeta(
    string Type, string? ContentType, string? FileName, long? Size, string? Sha256, JsonNode? Payload);

/// <param name="TokenIn">header, query, body or none.</param>
/// <param name="Status">0 when the simulator dropped the connection.</param>
public sealed record CallToMeta(
    DateTimeOffset At,
    string Method,
    string Path,
    IReadOnlyList<string> QueryNames,
    IReadOnlyList<string> SecretsInAddress,
    string? Operation,
    string? TokenKind,
    string TokenIn,
    bool Proof,
    string? PageId,
    string? RecipientId,
    int Status,
    int? ErrorCode,
    int? ErrorSubcode,
    double LatencyMs);

/// <param name="Messages">How many messages the whole story has, including those that are still to be played.</param>
public sealed record PlayedStory(int Messages, IReadOnlyList<StoryConversation> Conversations);

/// <param name="Ending">answered, waiting (the last message is the customer's) or closed.</param>
public sealed record StoryConversation(string CustomerId, string Ending);

/// <param name="AgentText">What an agent has to send now; null when somebody else's line has been played.</param>
public sealed record NextStoryLine(string CustomerId, string? AgentText);
