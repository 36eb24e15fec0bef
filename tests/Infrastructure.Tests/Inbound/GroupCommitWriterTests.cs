using System.Text;
using MetaMessaging.Application.Common;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Infrastructure.Tests.Inbound;

public sealed class GroupCommitWriterTests
{
    [Fact]
    public async Task What_is_acknowledged_can_be_read_by_somebody_else()
    {
        await using var workshop = await Workshop.OpenAsync();
        var writer = await workshop.RunAsync(workshop.NewWriter());

        await writer.StoreAsync(Encoding.UTF8.GetBytes("{}"), TestContext.Current.CancellationToken);

        Assert.Equal(1, await workshop.CountFromOutsideAsync("webhook_deliveries"));
    }

    [Fact]
    public async Task Nothing_is_acknowledged_while_nobody_commits()
    {
        await using var workshop = await Workshop.OpenAsync();
        var writer = workshop.NewWriter();

        var waiting = writer.StoreAsync(Encoding.UTF8.GetBytes("{}"), TestContext.Current.CancellationToken);

        Assert.False(waiting.IsCompleted);
        await workshop.RunAsync(writer);
        await waiting;
    }

    [Fact]
    public async Task Many_that_wait_are_stored_in_their_order_and_byte_for_byte()
    {
        await using var workshop = await Workshop.OpenAsync();
        var writer = workshop.NewWriter();
        var bodies = Enumerable.Range(0, 2500).Select(i => Encoding.UTF8.GetBytes($"{{\"n\":{i},\"t\":\"\u00e4\"}}")).ToList();
        var waiting = bodies.ConvertAll(body => writer.StoreAsync(body, TestContext.Current.CancellationToken));

        await workshop.RunAsync(writer);
        await Task.WhenAll(waiting);

        var stored = await workshop.InDatabaseAsync(db => db.WebhookDeliveries.OrderBy(d => d.Id).Select(d => d.Payload).ToListAsync());
        Assert.Equal(bodies, stored);
    }

    [Fact]
    public async Task A_stored_delivery_is_what_the_pump_and_ops_expect()
    {
        await using var workshop = await Workshop.OpenAsync();
        var writer = await workshop.RunAsync(workshop.NewWriter());
        var before = TimeProvider.System.GetUtcNow();

        await writer.StoreAsync(Encoding.UTF8.GetBytes("{}"), TestContext.Current.CancellationToken);

        var stored = await workshop.InDatabaseAsync(db => db.WebhookDeliveries.SingleAsync());
        Assert.Equal(Domain.Inbound.WebhookDeliveryState.Pending, stored.State);
        Assert.InRange(stored.ReceivedAt, before.AddMilliseconds(-1), TimeProvider.System.GetUtcNow());
        Assert.Equal(0, stored.Attempts);
    }

    [Fact]
    public async Task A_full_queue_says_so_at_once()
    {
        await using var workshop = await Workshop.OpenAsync();
        var writer = workshop.NewWriter();
        var body = Encoding.UTF8.GetBytes("{}");
        var waiting = Enumerable.Range(0, 10_000).Select(_ => writer.StoreAsync(body, TestContext.Current.CancellationToken)).ToList();

        var full = await Assert.ThrowsAsync<UnavailableException>(() => writer.StoreAsync(body, TestContext.Current.CancellationToken));

        Assert.Equal("delivery_not_stored", full.Code);
        Assert.True(full.RetryAfter > TimeSpan.Zero);
        await workshop.RunAsync(writer);
        await Task.WhenAll(waiting);
        Assert.Equal(10_000, await workshop.CountFromOutsideAsync("webhook_deliveries"));
    }

    [Fact]
    public async Task Too_many_bytes_are_as_full_as_too_many_deliveries()
    {
        await using var workshop = await Workshop.OpenAsync();
        var writer = workshop.NewWriter();
        var body = new byte[4 * 1024 * 1024];
        for (var i = 0; i < 64; i++) _ = writer.StoreAsync(body, TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<UnavailableException>(() => writer.StoreAsync(body, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_broken_database_is_no_acknowledgement_and_its_recovery_is_noticed()
    {
        await using var workshop = await Workshop.OpenAsync();
        var writer = workshop.NewWriter();
        await workshop.ExecuteAsync("ALTER TABLE webhook_deliveries RENAME TO away");
        var waiting = Enumerable.Range(0, 20).Select(_ => writer.StoreAsync(Encoding.UTF8.GetBytes("{}"), TestContext.Current.CancellationToken)).ToList();

        await workshop.RunAsync(writer);

        foreach (var delivery in waiting) Assert.Equal("delivery_not_stored", (await Assert.ThrowsAsync<UnavailableException>(() => delivery)).Code);
        await workshop.ExecuteAsync("ALTER TABLE away RENAME TO webhook_deliveries");
        await writer.StoreAsync(Encoding.UTF8.GetBytes("{}"), TestContext.Current.CancellationToken);
        Assert.Equal(1, await workshop.CountFromOutsideAsync("webhook_deliveries"));
    }

    [Fact]
    public async Task One_that_cannot_be_stored_takes_nobody_down_for_good()
    {
        await using var workshop = await Workshop.OpenAsync();
        var writer = await workshop.RunAsync(workshop.NewWriter());
        await workshop.ExecuteAsync("CREATE TRIGGER refuse BEFORE INSERT ON webhook_deliveries WHEN NEW.payload = x'00' BEGIN SELECT RAISE(ABORT, 'refused'); END");

        await Assert.ThrowsAsync<UnavailableException>(() => writer.StoreAsync(new byte[] { 0 }, TestContext.Current.CancellationToken));
        await writer.StoreAsync(new byte[] { 1 }, TestContext.Current.CancellationToken);

        Assert.Equal(1, await workshop.CountFromOutsideAsync("webhook_deliveries"));
    }

    [Fact]
    public async Task Whoever_waits_when_the_process_stops_is_still_stored_and_nobody_after()
    {
        await using var workshop = await Workshop.OpenAsync();
        var writer = await workshop.RunAsync(workshop.NewWriter());
        await writer.StoreAsync(Encoding.UTF8.GetBytes("{}"), TestContext.Current.CancellationToken);
        var waiting = writer.StoreAsync(Encoding.UTF8.GetBytes("{}"), TestContext.Current.CancellationToken);

        await writer.StopAsync(CancellationToken.None);

        await waiting;
        Assert.Equal(2, await workshop.CountFromOutsideAsync("webhook_deliveries"));
        await Assert.ThrowsAsync<UnavailableException>(() => writer.StoreAsync(Encoding.UTF8.GetBytes("{}"), TestContext.Current.CancellationToken));
    }
}
