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
    public async Task Deleting_an_API_key_closes_its_live_connections()
    {
        using var admin = await fixture.App.SignInAsync();
        var key = (await admin.PostAsync("api/api-keys", new { name = "Live", scopes = new[] { "conversations:read" } })).Json;
        await using var connection = await ConnectAsync((string)key["key"]!);

        await admin.DeleteAsync($"api/api-keys/{key["id"]}");

        await IsClosedAsync(connection);
    }

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
