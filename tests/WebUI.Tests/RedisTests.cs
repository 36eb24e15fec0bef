using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using MetaMessaging.Testing;
using Microsoft.AspNetCore.SignalR.Client;

namespace MetaMessaging.WebUI.Tests;

/// <summary>Two nodes that wake each other through Redis, which comes and goes.</summary>
[Requires(Requirement.Redis)]
public sealed class RedisTests
{
    /// <summary>Polling finds an update after a quarter of a second on average.</summary>
    private static readonly TimeSpan WokenWithin = TimeSpan.FromMilliseconds(100);

    private bool isClosed;

    [Fact]
    public async Task Updates_reach_the_other_node_at_once_with_Redis_and_by_polling_while_it_is_away()
    {
        await using var redis = new RedisServer();
        await using var first = await App.StartAsync(
            settings: new Dictionary<string, string?> { ["ConnectionStrings:Redis"] = redis.ConnectionString });
        await using var second = await first.StartSecondNodeAsync();
        var tenant = await first.CreateTenantAsync();
        var conversation = await SeveralNodesTests.SeedConversationAsync(first, tenant.OrganizationId);
        await using var connection = await SeveralNodesTests.ConnectAsync(second, tenant.Agent.Api.AccessToken);
        var news = new ConcurrentQueue<JsonElement>();
        using var subscription = connection.On<JsonElement>("conversationUpdated", news.Enqueue);

        await UpdateAsync();   // no Redis yet
        await redis.StartAsync();
        await Until.True(async () => await MedianAsync() < WokenWithin * Deadline.Slowdown, "Redis wakes the other node");
        await redis.KillAsync();
        await UpdateAsync();
        await redis.StartAsync();
        await Until.True(async () => await MedianAsync() < WokenWithin * Deadline.Slowdown, "Redis wakes the other node again");

        async Task<TimeSpan> MedianAsync()
        {
            var times = new List<TimeSpan>();
            for (var round = 0; round < 5; round++) times.Add(await UpdateAsync());
            return times.Order().ElementAt(2);
        }

        async Task<TimeSpan> UpdateAsync()
        {
            news.Clear();
            isClosed = !isClosed;
            await tenant.Agent.Api.PatchAsync($"api/conversations/{conversation}", new { status = isClosed ? "closed" : "open" });
            var answered = Stopwatch.GetTimestamp();
            await Until.True(() => !news.IsEmpty, "the browser of the other node is told");
            return Stopwatch.GetElapsedTime(answered);
        }
    }
}
