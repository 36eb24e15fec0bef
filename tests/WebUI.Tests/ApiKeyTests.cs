using System.Text.Json.Nodes;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.WebUI.Tests;

public sealed class ApiKeyTests(ConnectedPageFixture fixture) : IClassFixture<ConnectedPageFixture>
{
    [Fact]
    public async Task A_key_is_shown_once_and_stored_as_a_hash()
    {
        var created = await CreateAsync("Shown once", "ops");
        var key = (string)created.Json["key"]!;

        var listed = await fixture.Agent.GetAsync("api/api-keys");

        Assert.Equal((201, true), (created.Status, key.StartsWith("mm_", StringComparison.Ordinal)));
        Assert.Contains(
            listed.Json["items"]!.AsArray(),
            k => (string)k!["name"]! == "Shown once" && k["lastUsedAt"] is null && !k.AsObject().ContainsKey("key"));
        Assert.DoesNotContain(key, listed.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(
            await fixture.App.InDatabaseAsync(db => db.ApiKeys.ToListAsync()), k => key.Contains(k.KeyHash, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("bearer")]
    [InlineData("BEARER")]
    public async Task The_case_of_the_bearer_scheme_does_not_matter(string scheme)
    {
        using var client = fixture.App.Anonymous();
        var key = (string)(await CreateAsync("Any case", "conversations:read")).Json["key"]!;
        var token = (string)(await client.PostAsync("api/auth/login", new { email = App.AdminEmail, password = App.Password }))
            .Json["accessToken"]!;

        Assert.Equal(200, (await client.GetAsync("api/conversations", ("Authorization", $"{scheme} {key}"))).Status);
        Assert.Equal(200, (await client.GetAsync("api/me", ("Authorization", $"{scheme} {token}"))).Status);
        Assert.Equal(401, (await client.GetAsync("api/me", ("Authorization", $"{scheme} {token}x"))).Status);
    }

    [Fact]
    public async Task A_message_sent_with_a_key_shows_the_name_of_the_key()
    {
        var (_, conversationId) = await fixture.CustomerAsync();
        using var software = await SoftwareAsync("Order system", "messages:send");

        var sent = await software.PostAsync(
            "api/messaging/send", new { conversationId, text = "Your order is on its way" }, ("Prefer", "wait=20"));

        Assert.Equal(200, sent.Status);
        var message = sent.Json["messages"]![0]!;
        Assert.Equal(("api", "Order system"), ((string)message["origin"]!, (string)message["sender"]!["name"]!));
        var listed = (
            await fixture.Agent.GetAsync("api/api-keys")).Json["items"]!.AsArray().Single(k => (string)k!["name"]! == "Order system");
        Assert.NotNull(listed!["lastUsedAt"]);
    }

    [Fact]
    public async Task A_key_needs_an_agent_id_to_send_with_the_human_agent_tag()
    {
        var (customer, conversationId) = await fixture.CustomerAsync();
        using var software = await SoftwareAsync("Help desk", "messages:send");
        var yesterday = fixture.App.Clock.Now.AddHours(-30).UtcDateTime;
        await fixture.App.InDatabaseAsync(async db =>
        {
            await db.Database.ExecuteSqlAsync(
                $"UPDATE conversations SET last_inbound_at = {yesterday} WHERE id = {conversationId}");
            return true;
        });

        var untagged = await software.PostAsync("api/messaging/send", new { conversationId, text = "Hello" });
        var unnamed = await software.PostAsync("api/messaging/send", new { conversationId, text = "Hello", tag = "humanAgent" });
        var stranger = await software.PostAsync(
            "api/messaging/send", new { conversationId, text = "Hello", tag = "humanAgent", agentId = 999999 });
        var named = await software.PostAsync(
            "api/messaging/send", new { conversationId, text = "Hello", tag = "humanAgent", agentId = 1 }, ("Idempotency-Key", "help-1"));
        var again = await software.PostAsync(
            "api/messaging/send", new { conversationId, text = "Hello", tag = "humanAgent", agentId = 1 }, ("Idempotency-Key", "help-1"));
        var reused = await software.PostAsync(
            "api/messaging/send", new { conversationId, text = "Other", tag = "humanAgent", agentId = 1 }, ("Idempotency-Key", "help-1"));

        Assert.Equal((422, "outside_messaging_window"), StatusAndCode(untagged));
        Assert.Equal((422, "human_agent_required"), StatusAndCode(unnamed));
        Assert.Equal((422, "human_agent_required"), StatusAndCode(stranger));
        Assert.Equal((202, 202), (named.Status, again.Status));
        Assert.Equal((long)named.Json["messages"]![0]!["id"]!, (long)again.Json["messages"]![0]!["id"]!);
        Assert.Equal((409, "idempotency_key_reused"), StatusAndCode(reused));
        await Until.True(
            async () => (await fixture.Meta.Control.GetAcceptedAsync(customer)).Any(a => a.Tag == "HUMAN_AGENT"),
            "Meta has the tagged message");
        Assert.Equal(204, (await software.PostAsync($"api/conversations/{conversationId}/typing", new { on = true })).Status);
    }

    [Theory]
    [InlineData("messages:send", "POST api/messaging/send")]
    [InlineData("conversations:read", "GET api/conversations", "GET api/dashboard?from=2026-11-01&to=2026-11-02")]
    [InlineData("conversations:write", "POST api/conversations/999999/read")]
    [InlineData("contacts:read", "GET api/contacts")]
    [InlineData("ops", "GET api/ops/webhook-deliveries")]
    public async Task A_key_may_call_only_the_routes_of_its_scopes(string scope, params string[] own)
    {
        string[] all =
        [
            "POST api/messaging/send", "GET api/conversations", "GET api/dashboard?from=2026-11-01&to=2026-11-02",
            "POST api/conversations/999999/read",
            "GET api/contacts", "GET api/ops/webhook-deliveries", "GET api/api-keys", "POST api/api-keys",
            "GET api/integrations/meta/status",
            "GET api/admin/system-config", "GET api/me", "GET inbox", "GET settings/api-keys",
        ];
        using var software = await SoftwareAsync(scope, scope);

        foreach (var call in all)
        {
            var (method, path) = call.Split(' ') is [var m, var p] ? (m, p) : throw new InvalidOperationException(call);
            var answer = await software.SendAsync(
                new HttpMethod(method), path, method is "POST" ? System.Net.Http.Json.JsonContent.Create(new JsonObject()) : null);
            Assert.True(own.Contains(call) == (answer.Status is not 403), $"{scope}: {call}: {answer}");
        }
    }

    [Fact]
    public async Task A_deleted_key_is_refused_at_once()
    {
        var created = await CreateAsync("Short-lived", "conversations:read");
        using var software = Software((string)created.Json["key"]!);
        Assert.Equal(200, (await software.GetAsync("api/conversations")).Status);

        Assert.Equal(204, (await fixture.Agent.DeleteAsync($"api/api-keys/{(long)created.Json["id"]!}")).Status);

        Assert.Equal((401, "unauthenticated"), StatusAndCode(await software.GetAsync("api/conversations")));
        var again = await fixture.Agent.DeleteAsync($"api/api-keys/{(long)created.Json["id"]!}");
        Assert.Equal((404, "api_key_not_found"), StatusAndCode(again));
    }

    [Theory]
    [InlineData("mm_")]
    [InlineData("mm_guess")]
    [InlineData("MM_x")]
    public async Task An_unknown_key_is_refused(string key)
    {
        using var software = Software(key);

        Assert.Equal((401, "unauthenticated"), StatusAndCode(await software.GetAsync("api/conversations")));
    }

    [Fact]
    public async Task A_key_needs_a_name_and_known_scopes()
    {
        Assert.Equal((400, "validation_failed"), StatusAndCode(await CreateAsync("", "ops")));
        Assert.Equal((400, "validation_failed"), StatusAndCode(await CreateAsync("No scopes")));
        Assert.Equal((400, "validation_failed"), StatusAndCode(await CreateAsync("Wrong scope", "everything")));
        Assert.Equal((400, "validation_failed"), StatusAndCode(await CreateAsync(new string('x', 101), "ops")));
    }

    [Fact]
    public async Task A_key_above_its_rate_limit_gets_429_with_retry_after()
    {
        await using var app = await App.StartAsync(settings: new Dictionary<string, string?> { ["ApiKeys:CallsPerSecond"] = "1" });
        using var admin = await app.SignInAsync();
        var created = await admin.PostAsync("api/api-keys", new { name = "Eager", scopes = new[] { "contacts:read" } });
        using var software = app.Anonymous();
        software.AccessToken = (string)created.Json["key"]!;

        var answers = new List<Answer>();
        for (var i = 0; i < 20; i++) answers.Add(await software.GetAsync("api/contacts"));

        var refused = Assert.IsType<Answer>(answers.Find(a => a.Status is 429));
        Assert.Equal("too_many_requests", refused.Code);
        Assert.InRange(int.Parse(refused.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), 1, 60);
        Assert.Equal(200, (await admin.GetAsync("api/contacts")).Status);
    }

    private Task<Answer> CreateAsync(string name, params string[] scopes) => fixture.Agent.PostAsync("api/api-keys", new { name, scopes });

    [Fact]
    public async Task A_replay_requested_with_a_key_shows_the_name_of_the_key()
    {
        using var software = await SoftwareAsync("Night watch", "ops");

        var answer = await software.PostAsync("api/ops/webhook-deliveries/replay", new { state = "failed" });

        Assert.Equal(202, answer.Status);
        Assert.Equal(
            "Night watch",
            await fixture.App.InDatabaseAsync(db =>
                db.DeliveryReplays.OrderByDescending(r => r.Id).Select(r => r.RequestedBy).FirstAsync()));
    }

    private async Task<ApiClient> SoftwareAsync(string name, params string[] scopes) =>
        Software((string)(await CreateAsync(name, scopes)).Json["key"]!);

    private ApiClient Software(string key)
    {
        var client = fixture.App.Anonymous();
        client.AccessToken = key;
        return client;
    }

    private static (int, string?) StatusAndCode(Answer answer) => (answer.Status, answer.Code);
}
