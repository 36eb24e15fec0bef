using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetaMessaging.Domain.Organizations;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;

namespace MetaMessaging.WebUI.Tests;

/// <summary>What happens on one node, as another node shows and knows it.</summary>
public sealed class SeveralNodesTests(TwoNodesFixture nodes) : IClassFixture<TwoNodesFixture>
{
    private static readonly TimeSpan ShownWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan KnownWithin = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task Browsers_of_both_nodes_are_told_of_a_change_over_every_transport(HttpTransportType transport)
    {
        var (tenant, conversation) = await TenantWithConversationAsync();
        await using var near = await ConnectAsync(nodes.First, tenant.Agent.Api.AccessToken, transport);
        await using var far = await ConnectAsync(nodes.Second, tenant.Agent.Api.AccessToken, transport);
        var (nearNews, farNews) = (new ConcurrentQueue<JsonElement>(), new ConcurrentQueue<JsonElement>());
        using var first = near.On<JsonElement>("conversationUpdated", nearNews.Enqueue);
        using var second = far.On<JsonElement>("conversationUpdated", farNews.Enqueue);
        await UntilNodesKnowEachOtherAsync();

        await WithinAsync(ShownWithin, async () =>
        {
            await tenant.Agent.Api.PatchAsync($"api/conversations/{conversation}", new { status = "closed" });
            await Until.True(() => !nearNews.IsEmpty && !farNews.IsEmpty, "both browsers are told");
        });

        Assert.All(nearNews.Concat(farNews), update => Assert.Equal(conversation, update.GetProperty("conversationId").GetInt64()));
    }

    [Fact]
    public async Task A_node_that_has_just_started_gets_what_happened_before_the_others_knew_of_it()
    {
        await using var lone = await App.StartAsync();
        var tenant = await lone.CreateTenantAsync();
        var conversation = await SeedConversationAsync(lone, tenant.OrganizationId);
        await using var started = await lone.StartSecondNodeAsync();
        await using var connection = await ConnectAsync(started, tenant.Agent.Api.AccessToken);
        var news = new ConcurrentQueue<JsonElement>();
        using var subscription = connection.On<JsonElement>("conversationUpdated", news.Enqueue);

        await tenant.Agent.Api.PatchAsync($"api/conversations/{conversation}", new { status = "closed" });

        await Until.True(() => !news.IsEmpty, "the browser of the new node is told");
    }

    [Fact]
    public async Task Colleagues_on_other_nodes_are_told_who_looks_at_a_conversation_and_types()
    {
        var (tenant, conversation) = await TenantWithConversationAsync();
        var colleague = await nodes.First.CreateMemberAsync(
            tenant.OrganizationId, $"colleague@{Some.Unique("org")}.example", OrganizationRoles.Agent);
        await using var looking = await ConnectAsync(nodes.First, tenant.Agent.Api.AccessToken);
        await using var told = await ConnectAsync(nodes.Second, colleague.Api.AccessToken);
        var news = new ConcurrentQueue<JsonElement>();
        using var subscription = told.On<JsonElement>("presence", news.Enqueue);
        await UntilNodesKnowEachOtherAsync();

        await looking.InvokeAsync("Look", conversation, TestContext.Current.CancellationToken);
        await UntilToldAsync(count: 1, isTyping: false);
        await looking.InvokeAsync("Type", TestContext.Current.CancellationToken);
        await UntilToldAsync(count: 1, isTyping: true);
        await looking.InvokeAsync("Leave", TestContext.Current.CancellationToken);
        await UntilToldAsync(count: 0, isTyping: false);

        Task UntilToldAsync(int count, bool isTyping) => Until.True(
            () => news.LastOrDefault() is { ValueKind: JsonValueKind.Object } last && last.GetProperty("members") is var members
                && members.GetArrayLength() == count && (count == 0 || members[0].GetProperty("isTyping").GetBoolean() == isTyping),
            $"{count} look, typing: {isTyping}");
    }

    [Fact]
    public async Task A_change_of_System_Config_is_known_on_the_other_node()
    {
        using var admin = await nodes.First.SignInAsync();
        using var meta = nodes.Second.Anonymous();
        await SaveAsync("the old token");
        await Until.True(async () => await AcceptsAsync("the old token"), "the other node knows the first token");

        await WithinAsync(KnownWithin, async () =>
        {
            await SaveAsync("the new token");
            await Until.True(async () => await AcceptsAsync("the new token"), "the other node knows the new token");
        });

        Assert.False(await AcceptsAsync("the old token"));

        Task SaveAsync(string verifyToken) => admin.PutAsync("api/admin/system-config", new
        {
            metaMessagingAppId = SimulatorOptions.DefaultAppId,
            metaMessagingAppSecret = SimulatorOptions.DefaultAppSecret,
            metaMessagingVerifyToken = verifyToken,
        });

        async Task<bool> AcceptsAsync(string verifyToken) => 200 == (await meta.GetAsync(
            "integrations/meta-messaging/webhook?hub.mode=subscribe&hub.challenge=1&hub.verify_token=" + Uri.EscapeDataString(verifyToken)))
            .Status;
    }

    [Fact]
    public async Task A_session_ended_on_one_node_is_refused_on_the_other_and_loses_its_live_connection()
    {
        var (tenant, _) = await TenantWithConversationAsync();
        var agent = tenant.Agent.Api;
        using var elsewhere = nodes.Second.Anonymous();
        elsewhere.AccessToken = agent.AccessToken;
        Assert.Equal(200, (await elsewhere.GetAsync("api/me")).Status);
        await using var connection = await ConnectAsync(nodes.Second, agent.AccessToken);

        await WithinAsync(KnownWithin, async () =>
        {
            await agent.PostAsync("api/auth/logout");
            Assert.Equal(401, (await elsewhere.GetAsync("api/me")).Status);
            await Until.True(() => connection.State is HubConnectionState.Disconnected, "the connection is closed");
        });
    }

    [Fact]
    public async Task What_is_deleted_suspended_or_taken_away_on_one_node_is_refused_on_the_other_at_once()
    {
        var (tenant, conversation) = await TenantWithConversationAsync();
        var created = await CreateKeyAsync(tenant);
        using var shop = On(nodes.Second, (string)created["key"]!);
        using var agent = On(nodes.Second, tenant.Agent.Api.AccessToken);
        using var ops = On(nodes.Second, tenant.Ops.Api.AccessToken);
        foreach (var reader in new[] { shop, agent }) Assert.Equal(200, await ReadAsync(reader));

        await tenant.Admin.Api.DeleteAsync($"api/api-keys/{created["id"]}");
        Assert.Equal(401, await ReadAsync(shop));

        await tenant.Admin.Api.PatchAsync($"api/members/{tenant.Agent.UserId}", new { roles = new[] { "ops" } });
        Assert.NotEqual(200, await ReadAsync(agent));

        using var systemAdmin = await nodes.First.SignInAsync();
        Assert.Equal(200, (await ops.GetAsync("api/ops/webhook-deliveries")).Status);
        await systemAdmin.PatchAsync($"api/admin/organizations/{tenant.OrganizationId}", new { state = "suspended" });
        Assert.NotEqual(200, (await ops.GetAsync("api/ops/webhook-deliveries")).Status);

        async Task<int> ReadAsync(ApiClient client) => (await client.GetAsync($"api/conversations/{conversation}")).Status;
    }

    [Fact]
    public async Task The_calls_of_an_API_key_are_limited_on_both_nodes_together()
    {
        const int burst = 10 * TwoNodesFixture.CallsPerSecond;
        var (tenant, _) = await TenantWithConversationAsync();
        var key = (string?)(await CreateKeyAsync(tenant))["key"];
        await UntilNodesKnowEachOtherAsync();

        var started = Stopwatch.GetTimestamp();
        var accepted = 0;
        foreach (var node in new[] { nodes.First, nodes.Second })
        {
            using var shop = On(node, key);
            for (var call = 0; call < burst * 3 / 4; call++)
            {
                var answer = await shop.GetAsync("api/conversations?limit=1");
                if (answer.Status is 200) accepted++;
                else Assert.Equal((429, "1"), (answer.Status, answer.Headers["Retry-After"]));
            }
        }

        var refilled = Stopwatch.GetElapsedTime(started).TotalSeconds * TwoNodesFixture.CallsPerSecond;
        Assert.InRange(accepted, burst, burst + refilled + 2);
    }

    [Fact]
    public async Task Ops_see_the_nodes_and_that_they_have_no_Redis()
    {
        await UntilNodesKnowEachOtherAsync();
        using var admin = nodes.Second.Anonymous(cookies: true);
        await admin.SignInByFormAsync(App.AdminEmail, App.Password);

        var page = (await admin.GetAsync("ops/webhooks", ("Accept", "text/html"))).Text;

        Assert.Equal(2, page.Split("data-node=").Length - 1);
        Assert.Equal(1, page.Split(">this node<").Length - 1);
        Assert.Contains("data-without-redis", page, StringComparison.Ordinal);
    }

    internal static async Task<HubConnection> ConnectAsync(
        App node, string? token, HttpTransportType transport = HttpTransportType.WebSockets)
    {
        var connection = new HubConnectionBuilder()
            .WithUrl(new Uri(node.Address, "hubs/inbox"), transport, options => options.AccessTokenProvider = () => Task.FromResult(token))
            .Build();
        await connection.StartAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    internal static async Task<long> SeedConversationAsync(App app, long organizationId)
    {
        var conversation = Some.Conversation(organizationId: organizationId);
        await app.InDatabaseAsync(async db =>
        {
            await db.SeedAsync(conversation);
            return 0;
        });
        return conversation.Id;
    }

    private static async Task<JsonNode> CreateKeyAsync(Tenant tenant) =>
        (await tenant.Admin.Api.PostAsync("api/api-keys", new { name = "Shop", scopes = new[] { "conversations:read" } })).Json;

    private static ApiClient On(App node, string? token) => new(node.Address, cookies: false) { AccessToken = token };

    private static async Task WithinAsync(TimeSpan limit, Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, limit * Deadline.Slowdown);
    }

    private Task UntilNodesKnowEachOtherAsync() =>
        Until.True(() => nodes.First.LiveNodes == 2 && nodes.Second.LiveNodes == 2, "the nodes know each other");

    private async Task<(Tenant Tenant, long ConversationId)> TenantWithConversationAsync()
    {
        var tenant = await nodes.First.CreateTenantAsync();
        return (tenant, await SeedConversationAsync(nodes.First, tenant.OrganizationId));
    }
}
