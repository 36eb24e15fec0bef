using System.Collections.Concurrent;
using System.Text.Json;
using MetaMessaging.Domain.Organizations;
using MetaMessaging.Testing;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.WebUI.Tests;

public sealed class LiveConnectionTests(AppFixture fixture)
{
    [Fact]
    public async Task Signing_out_closes_the_live_connections_of_that_session_alone()
    {
        using var leaving = await fixture.App.SignInAsync();
        using var staying = await fixture.App.SignInAsync();
        await using var closed = await ConnectAsync(leaving.AccessToken);
        await using var open = await ConnectAsync(staying.AccessToken);

        await leaving.PostAsync("api/auth/logout");

        await IsClosedAsync(closed);
        Assert.Equal(HubConnectionState.Connected, open.State);
    }

    [Fact]
    public async Task A_session_that_another_node_has_ended_loses_its_live_connections()
    {
        var agent = (await fixture.App.CreateTenantAsync()).Agent;
        using var admin = await fixture.App.SignInAsync();
        await using var closed = await ConnectAsync(agent.Api.AccessToken);
        await using var open = await ConnectAsync(admin.AccessToken);

        await fixture.App.InDatabaseAsync(db => db.UserSessions.Where(s => s.UserId == agent.UserId).ExecuteDeleteAsync());

        await IsClosedAsync(closed);
        Assert.Equal(HubConnectionState.Connected, open.State);
    }

    [Fact]
    public async Task A_session_that_another_node_has_moved_to_another_organization_loses_the_live_connections_of_the_former()
    {
        var (former, next) = (await fixture.App.CreateTenantAsync("Former"), await fixture.App.CreateTenantAsync("Next"));
        await fixture.App.InDatabaseAsync(async db =>
        {
            await db.SeedAsync(new Membership(next.OrganizationId, former.Agent.UserId, OrganizationRoles.Agent));
            return 0;
        });
        await using var connection = await ConnectAsync(former.Agent.Api.AccessToken);
        await using var open = await ConnectAsync(next.Agent.Api.AccessToken);

        await fixture.App.InDatabaseAsync(db => db.UserSessions.Where(s => s.UserId == former.Agent.UserId)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.OrganizationId, next.OrganizationId)));

        await IsClosedAsync(connection);
        Assert.Equal(HubConnectionState.Connected, open.State);
    }

    [Theory]
    [InlineData("UPDATE memberships SET roles = 'Ops' WHERE user_id = {0}")]
    [InlineData("UPDATE user_sessions SET last_seen_at = '2020-01-01 00:00:00' WHERE user_id = {0}")]
    [InlineData(
        "UPDATE organizations SET require_two_factor = 1 WHERE id IN (SELECT organization_id FROM memberships WHERE user_id = {0})")]
    public async Task What_another_node_changes_ends_the_live_connections_that_could_not_be_opened_any_more(string sql)
    {
        var tenant = await fixture.App.CreateTenantAsync();
        await using var connection = await ConnectAsync(tenant.Agent.Api.AccessToken);

        Assert.Equal(1, await fixture.App.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync(sql, tenant.Agent.UserId)));

        await IsClosedAsync(connection);
    }

    [Fact]
    public async Task Who_is_no_agent_any_more_is_told_of_no_conversation()
    {
        var tenant = await fixture.App.CreateTenantAsync();
        await using var connection = await ConnectAsync(tenant.Agent.Api.AccessToken);

        await tenant.Admin.Api.PatchAsync($"api/members/{tenant.Agent.UserId}", new { roles = new[] { "ops" } });

        await IsClosedAsync(connection);
        await Assert.ThrowsAsync<HttpRequestException>(() => ConnectAsync(tenant.Agent.Api.AccessToken));
    }

    [Fact]
    public async Task Deleting_an_API_key_closes_its_live_connections()
    {
        using var admin = await fixture.App.SignInAsync();
        var key = (await admin.PostAsync("api/api-keys", new { name = "Live", scopes = new[] { "conversations:read" } })).Json;
        await using var connection = await ConnectAsync((string)key["key"]!);

        await admin.DeleteAsync($"api/api-keys/{key["id"]}");

        await IsClosedAsync(connection);
    }

    [Fact]
    public async Task Colleagues_are_told_who_looks_at_a_conversation_and_types_until_15_seconds_have_passed()
    {
        var (team, others) = (await fixture.App.CreateTenantAsync("Team"), await fixture.App.CreateTenantAsync("Others"));
        var conversation = Some.Conversation(organizationId: team.OrganizationId);
        await fixture.App.InDatabaseAsync(async db =>
        {
            await db.SeedAsync(conversation);
            return 0;
        });
        var colleague = await fixture.App.CreateMemberAsync(
            team.OrganizationId, $"colleague@{Some.Unique("org")}.example", OrganizationRoles.Agent);
        await using var looking = await ConnectAsync(team.Agent.Api.AccessToken);
        await using var told = await ConnectAsync(colleague.Api.AccessToken);
        await using var stranger = await ConnectAsync(others.Agent.Api.AccessToken);
        var (news, foreignNews) = (new ConcurrentQueue<JsonElement>(), new ConcurrentQueue<JsonElement>());
        using var first = told.On<JsonElement>("presence", news.Enqueue);
        using var second = stranger.On<JsonElement>("presence", foreignNews.Enqueue);
        Assert.Empty(await LookAsync(stranger, conversation.Id));
        Assert.Empty(await LookAsync(looking, 4711));

        var present = await LookAsync(looking, conversation.Id);
        await looking.InvokeAsync("Type", TestContext.Current.CancellationToken);
        await LookAsync(told, conversation.Id);

        Assert.Equal((team.Agent.UserId, "agent"), (Id(Assert.Single(present)), present[0].GetProperty("name").GetString()));
        await Until.True(() => news.Count == 3, "looking, typing and the colleague's own look are told");
        Assert.Equal(
            [(1, false), (1, true), (2, true)],
            news.Select(n => n.GetProperty("members")).Select(m => (m.GetArrayLength(), m[0].GetProperty("isTyping").GetBoolean())));
        Assert.All(news, n => Assert.Equal(conversation.Id, n.GetProperty("conversationId").GetInt64()));

        fixture.App.Clock.Advance(TimeSpan.FromSeconds(10));
        await LookAsync(told, conversation.Id);
        fixture.App.Clock.Advance(TimeSpan.FromSeconds(10));
        await Until.True(
            () => news.Last().GetProperty("members") is var left && left.GetArrayLength() == 1 && Id(left[0]) == colleague.UserId,
            "the page that does not repeat its look is forgotten");
        await LookAsync(looking, conversation.Id);
        await looking.StopAsync(TestContext.Current.CancellationToken);
        await Until.True(() => news.Last().GetProperty("members").GetArrayLength() == 1, "who disconnects has left");
        Assert.Empty(foreignNews);

        static long Id(JsonElement member) => member.GetProperty("userId").GetInt64();
    }

    private static async Task<JsonElement[]> LookAsync(HubConnection connection, long conversationId) =>
        await connection.InvokeAsync<JsonElement[]>("Look", conversationId, TestContext.Current.CancellationToken);

    private async Task<HubConnection> ConnectAsync(string? token)
    {
        var connection = new HubConnectionBuilder()
            .WithUrl(new Uri(fixture.App.Address, "hubs/inbox"), options => options.AccessTokenProvider = () => Task.FromResult(token))
            .Build();
        await connection.StartAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    private static Task IsClosedAsync(HubConnection connection) =>
        Until.True(() => connection.State is HubConnectionState.Disconnected, "the connection is closed");
}
