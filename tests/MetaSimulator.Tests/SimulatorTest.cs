using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MetaMessaging.MetaSimulator.Tests;

/// <summary>A simulator and a webhook for a class of tests; the simulator is reset before each test.</summary>
public sealed class SimulatorFixture : IAsyncLifetime
{
    public Simulator Meta { get; private set; } = null!;

    public Receiver App { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Meta = await Simulator.StartAsync();
        App = await Receiver.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Meta.DisposeAsync();
        await App.DisposeAsync();
    }
}

/// <summary>Calls Graph over HTTP as an app does, and the control API for everything else.</summary>
public abstract class SimulatorTest(SimulatorFixture fixture) : IClassFixture<SimulatorFixture>, IAsyncLifetime
{
    protected const string PageId = "109876543210987";
    protected const string InstagramId = "17841400000000001";
    protected const string Peter = "7654321098765432";
    protected const string Ada = "1234567890123456";
    protected const string RoasteryCustomer = "7433091826640155";
    protected const string AppToken = $"{SimulatorOptions.DefaultAppId}|{SimulatorOptions.DefaultAppSecret}";

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected Simulator Meta => fixture.Meta;

    protected Receiver App => fixture.App;

    protected SimulatorControl Control => Meta.Control;

    /// <summary>A page token with every permission.</summary>
    protected string Token { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await Control.ResetAsync();
        App.Clear();
        Token = await Control.GrantAsync();
        await Control.SetWebhookAsync(App.Url);
        await Control.ChangePageAsync(PageId, new
        {
            subscribedFields = new[]
            {
                "messages", "message_echoes", "message_deliveries", "message_reads", "message_reactions", "messaging_postbacks",
                "standby",
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        // Pending deliveries would arrive in the next test.
        await Control.WaitUntilIdleAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task<GraphAnswer> GraphAsync(
        HttpMethod method, string path, object? body = null, string? token = null, bool proof = true)
    {
        token ??= Token;
        if (proof && !token.Contains('|', StringComparison.Ordinal))
            path += $"{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}appsecret_proof={Proof(token)}";
        using var request = new HttpRequestMessage(method, $"v25.0/{path}");
        if (token is not "") request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is HttpContent content) request.Content = content;
        else if (body is not null) request.Content = JsonContent.Create(body);

        using var answer = await Control.Http.SendAsync(request);
        return new GraphAnswer((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!, answer.Headers);
    }

    protected Task<GraphAnswer> GetAsync(string path, string? token = null) => GraphAsync(HttpMethod.Get, path, null, token);

    protected Task<GraphAnswer> SendAsync(
        string to, object message, string edge = "me", string? messagingType = "RESPONSE", string? tag = null) =>
        GraphAsync(HttpMethod.Post, $"{edge}/messages", new Dictionary<string, object?>
        {
            ["recipient"] = new { id = to },
            ["messaging_type"] = messagingType,
            ["message"] = message,
            ["tag"] = tag,
        }.Where(pair => pair.Value is not null).ToDictionary());

    protected Task<GraphAnswer> SendAsync(string to, string text) => SendAsync(to, new { text });

    protected static string Proof(string token) =>
        Convert.ToHexStringLower(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(SimulatorOptions.DefaultAppSecret), Encoding.UTF8.GetBytes(token)));
}

public sealed record GraphAnswer(int Status, JsonNode Body, HttpResponseHeaders Headers)
{
    public int? Code => (int?)Body["error"]?["code"];

    public int? Subcode => (int?)Body["error"]?["error_subcode"];

    public string? Message => (string?)Body["error"]?["message"];

    public string this[string name] => (string)Body[name]!;
}
