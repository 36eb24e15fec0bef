using System.Text;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Inbound;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Infrastructure.Tests.Inbound;

public sealed class GroupCommitWriterTests
{
    [Fact]
    public async Task An_acknowledged_delivery_can_be_read_over_another_connection()
    {
        await using var host = await WorkerHost.OpenAsync();
        var writer = await host.RunAsync(host.NewWriter());

        await writer.StoreAsync(Encoding.UTF8.GetBytes("{}"), TestContext.Current.CancellationToken);

        Assert.Equal(1, await host.CountFromOutsideAsync("webhook_deliveries"));
    }

    [Fact]
    public async Task A_delivery_is_not_acknowledged_before_it_is_committed()
    {
        await using var host = await WorkerHost.OpenAsync();
        var writer = host.NewWriter();

        var waiting = writer.StoreAsync(Encoding.UTF8.GetBytes("{}"), TestContext.Current.CancellationToken);

        Assert.False(waiting.IsCompleted);
        await host.RunAsync(writer);
        await waiting;
    }

    [Fact]
    public async Task Queued_deliveries_are_stored_in_order_and_byte_for_byte()
    {
        await using var host = await WorkerHost.OpenAsync();
        var writer = host.NewWriter();
        var bodies = Enumerable.Range(0, 2500).Select(i => Encoding.UTF8.GetBytes($"{{\"n\":{i},\"t\":\"\u00e4\"}}")).ToList();
        var waiting = bodies.ConvertAll(body => writer.StoreAsync(body, TestContext.Current.CancellationToken));

        await host.RunAsync(writer);
        await Task.WhenAll(waiting);

        var stored = await host.InDatabaseAsync(db => db.WebhookDeliveries.OrderBy(d => d.Id).Select(d => d.Payload).ToListAsync());
        Assert.Equal(bodies, stored);
    }

    [Fact]
    public async Task A_stored_delivery_is_pending_and_has_the_time_it_was_received()
    {
        await using var host = await WorkerHost.OpenAsync();
        var writer = await host.RunAsync(host.NewWriter());
        var before = TimeProvider.System.GetUtcNow();

        await writer.StoreAsync(Encoding.UTF8.GetBytes("{}"), TestContext.Current.CancellationToken);

        var stored = await host.InDatabaseAsync(db => db.WebhookDeliveries.SingleAsync());
        Assert.Equal(WebhookDeliveryState.Pending, stored.State);
        Assert.InRange(stored.ReceivedAt, before.AddMilliseconds(-1), TimeProvider.System.GetUtcNow());
        Assert.Equal(0, stored.Attempts);
    }

    [Fact]
    public async Task A_full_queue_refuses_at_once()
    {
        await using var host = await WorkerHost.OpenAsync();
        var writer = host.NewWriter();
        var body = Encoding.UTF8.GetBytes("{}");
        var waiting = Enumerable.Range(0, 10_000).Select(_ => writer.StoreAsync(body, TestContext.Current.CancellationToken)).ToList();

        var full = await Assert.ThrowsAsync<UnavailableException>(() => writer.StoreAsync(body, TestContext.Current.CancellationToken));

        Assert.Equal("delivery_not_stored", full.Code);
        Assert.True(full.RetryAfter > TimeSpan.Zero);
        await host.RunAsync(writer);
        await Task.WhenAll(waiting);
        Assert.Equal(10_000, await host.CountFromOutsideAsync("webhook_deliveries"));
    }

    [Fact]
    public async Task Too_many_queued_bytes_are_refused_like_too_many_deliveries()
    {
        await using var host = await WorkerHost.OpenAsync();
        var writer = host.NewWriter();
        var body = new byte[4 * 1024 * 1024];
        for (var i = 0; i < 64; i++) _ = writer.StoreAsync(body, TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<UnavailableException>(() => writer.StoreAsync(body, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Deliveries_are_refused_while_the_database_fails_and_stored_again_afterwards()
    {
        await using var host = await WorkerHost.OpenAsync();
        var writer = host.NewWriter();
        await host.ExecuteAsync("ALTER TABLE webhook_deliveries RENAME TO away");
        var waiting = Enumerable.Range(0, 20)
            .Select(_ => writer.StoreAsync(Encoding.UTF8.GetBytes("{}"), TestContext.Current.CancellationToken))
            .ToList();

        await host.RunAsync(writer);

        foreach (var delivery in waiting)
        {
            var exception = await Assert.ThrowsAsync<UnavailableException>(() => delivery);
            Assert.Equal("delivery_not_stored", exception.Code);
        }

        await host.ExecuteAsync("ALTER TABLE away RENAME TO webhook_deliveries");
        await writer.StoreAsync(Encoding.UTF8.GetBytes("{}"), TestContext.Current.CancellationToken);
        Assert.Equal(1, await host.CountFromOutsideAsync("webhook_deliveries"));
    }

    [Fact]
    public async Task A_delivery_that_cannot_be_stored_does_not_affect_later_ones()
    {
        await using var host = await WorkerHost.OpenAsync();
        var writer = await host.RunAsync(host.NewWriter());
        await host.ExecuteAsync(
            "CREATE TRIGGER refuse BEFORE INSERT ON webhook_deliveries WHEN NEW.payload = x'00' BEGIN SELECT RAISE(ABORT, 'refused'); END");

        await Assert.ThrowsAsync<UnavailableException>(() => writer.StoreAsync(new byte[] { 0 }, TestContext.Current.CancellationToken));
        await writer.StoreAsync(new byte[] { 1 }, TestContext.Current.CancellationToken);

        Assert.Equal(1, await host.CountFromOutsideAsync("webhook_deliveries"));
    }

    [Fact]
    public async Task Queued_deliveries_are_stored_at_shutdown_and_later_ones_refused()
    {
        await using var host = await WorkerHost.OpenAsync();
        var writer = await host.RunAsync(host.NewWriter());
        await writer.StoreAsync(Encoding.UTF8.GetBytes("{}"), TestContext.Current.CancellationToken);
        var waiting = writer.StoreAsync(Encoding.UTF8.GetBytes("{}"), TestContext.Current.CancellationToken);

        await writer.StopAsync(CancellationToken.None);

        await waiting;
        Assert.Equal(2, await host.CountFromOutsideAsync("webhook_deliveries"));
        await Assert.ThrowsAsync<UnavailableException>(
            () => writer.StoreAsync(Encoding.UTF8.GetBytes("{}"), TestContext.Current.CancellationToken));
    }
}
