using MetaMessaging.Infrastructure.Inbound;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Infrastructure.Tests.Inbound;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

public sealed class LeaseTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2025, 10, 9, 9, 0, 0, TimeSpan.Zero));

    private WorkerHost host = null!;
    private NodeLease one = null!;
    private NodeLease other = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        host = await WorkerHost.OpenAsync();
        (one, other) = (host.NewLease(clock), host.NewLease(clock));
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task While_one_node_holds_the_lease_another_cannot()
    {
        Assert.True(await one.TryHoldAsync(Cancellation));
        Assert.False(await other.TryHoldAsync(Cancellation));
        Assert.True(await one.TryHoldAsync(Cancellation));
    }

    [Fact]
    public async Task Leases_of_different_names_are_independent()
    {
        Assert.True(await one.TryHoldAsync(Cancellation));
        Assert.True(await host.NewLease(clock, "other work").TryHoldAsync(Cancellation));
    }

    [Fact]
    public async Task A_lease_that_is_no_longer_renewed_can_be_taken_over()
    {
        await one.TryHoldAsync(Cancellation);

        clock.Advance(NodeLease.Lifetime - TimeSpan.FromSeconds(1));
        Assert.False(await other.TryHoldAsync(Cancellation));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await other.TryHoldAsync(Cancellation));

        Assert.False(await one.TryHoldAsync(Cancellation));
    }

    [Fact]
    public async Task A_commit_renews_the_lease()
    {
        await one.TryHoldAsync(Cancellation);
        clock.Advance(TimeSpan.FromSeconds(8));

        await RenewAsync(one);
        clock.Advance(TimeSpan.FromSeconds(8));

        Assert.False(await other.TryHoldAsync(Cancellation));
    }

    [Fact]
    public async Task A_node_that_lost_the_lease_cannot_commit_even_before_it_knows()
    {
        await one.TryHoldAsync(Cancellation);
        clock.Advance(NodeLease.Lifetime);
        await other.TryHoldAsync(Cancellation);

        await Assert.ThrowsAsync<LeaseLostException>(() => RenewAsync(one));
        await RenewAsync(other);
    }

    [Fact]
    public async Task A_node_that_takes_its_own_expired_lease_again_gets_a_new_token()
    {
        await one.TryHoldAsync(Cancellation);
        clock.Advance(NodeLease.Lifetime);

        Assert.True(await one.TryHoldAsync(Cancellation));

        Assert.Equal(2, await host.InDatabaseAsync(db => db.Set<Lease>().Select(l => l.Token).SingleAsync()));
    }

    [Fact]
    public async Task A_released_lease_can_be_taken_at_once()
    {
        await one.TryHoldAsync(Cancellation);

        await one.ReleaseAsync(Cancellation);

        Assert.True(await other.TryHoldAsync(Cancellation));
        Assert.False(await one.TryHoldAsync(Cancellation));
    }

    [Theory]
    [InlineData("{0}:2147483647:dead", true)]
    [InlineData("{0}:{1}:this one", false)]
    [InlineData("another-machine:2147483647:unknown", false)]
    [InlineData("{0}:not-a-number", false)]
    public async Task The_lease_of_an_ended_process_of_this_machine_can_be_taken_at_once(string owner, bool isEnded)
    {
        var holder = string.Format(
            System.Globalization.CultureInfo.InvariantCulture, owner, Environment.MachineName, Environment.ProcessId);
        await host.InDatabaseAsync(async db =>
        {
            db.Add(new Lease(InboundWorker.LeaseName, holder, clock.GetUtcNow() + NodeLease.Lifetime));
            return await db.SaveChangesAsync(Cancellation);
        });

        Assert.Equal(isEnded, await one.TryHoldAsync(Cancellation));
    }

    [Fact]
    public async Task A_timer_renews_the_lease_while_there_is_nothing_to_commit()
    {
        await one.TryHoldAsync(Cancellation);
        await host.RunAsync(one);
        var atStart = await ExpiryAsync();
        await Testing.Until.True(Renewed, "the timer runs");   // it begins some time after the start

        for (var seconds = 0; seconds < 30; seconds += 3)
        {
            var before = await ExpiryAsync();
            clock.Advance(NodeLease.RenewalInterval);
            await Testing.Until.True(async () => await ExpiryAsync() > before, "the lease is renewed");
        }

        Assert.False(await other.TryHoldAsync(Cancellation));

        async Task<bool> Renewed()
        {
            clock.Advance(NodeLease.RenewalInterval / 10);
            return await ExpiryAsync() > atStart;
        }
    }

    [Fact]
    public async Task Of_many_nodes_that_ask_at_once_one_gets_the_lease()
    {
        var nodes = Enumerable.Range(0, 8).Select(_ => host.NewLease(clock)).ToList();

        var got = await Task.WhenAll(nodes.Select(node => Task.Run(() => node.TryHoldAsync(Cancellation))));

        Assert.Single(got, held => held);
    }

    private Task<bool> RenewAsync(NodeLease lease) => host.InDatabaseAsync(async db =>
    {
        await db.SaveChangesAsync(cancellation => lease.RenewAsync(db, cancellation), Cancellation);
        return true;
    });

    private Task<DateTimeOffset> ExpiryAsync() => host.InDatabaseAsync(db => db.Set<Lease>().Select(l => l.ExpiresAt).SingleAsync());
}
