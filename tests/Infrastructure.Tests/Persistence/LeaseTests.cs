using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Infrastructure.Tests.Inbound;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

public sealed class LeaseTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2025, 10, 9, 9, 0, 0, TimeSpan.Zero));

    private WorkerHost host = null!;
    private Leases one = null!;
    private Leases other = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        host = await WorkerHost.OpenAsync();
        (one, other) = (host.NewLeases(clock), host.NewLeases(clock));
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task One_node_holds_it_and_the_other_does_not()
    {
        Assert.True(await one.HoldAsync("work", Cancellation));
        Assert.False(await other.HoldAsync("work", Cancellation));
        Assert.True(await one.HoldAsync("work", Cancellation));
    }

    [Fact]
    public async Task Leases_of_different_names_have_nothing_to_do_with_each_other()
    {
        Assert.True(await one.HoldAsync("work", Cancellation));
        Assert.True(await other.HoldAsync("other work", Cancellation));
    }

    [Fact]
    public async Task What_is_no_longer_renewed_can_be_taken_over()
    {
        await one.HoldAsync("work", Cancellation);

        clock.Advance(Leases.Lifetime - TimeSpan.FromSeconds(1));
        Assert.False(await other.HoldAsync("work", Cancellation));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await other.HoldAsync("work", Cancellation));

        Assert.False(await one.HoldAsync("work", Cancellation));
    }

    [Fact]
    public async Task A_commit_renews_it()
    {
        await one.HoldAsync("work", Cancellation);
        clock.Advance(TimeSpan.FromSeconds(8));

        await ConfirmAsync(one);
        clock.Advance(TimeSpan.FromSeconds(8));

        Assert.False(await other.HoldAsync("work", Cancellation));
    }

    [Fact]
    public async Task Who_lost_it_cannot_commit_even_before_it_knows()
    {
        await one.HoldAsync("work", Cancellation);
        clock.Advance(Leases.Lifetime);
        await other.HoldAsync("work", Cancellation);

        await Assert.ThrowsAsync<LeaseLostException>(() => ConfirmAsync(one));
        await ConfirmAsync(other);
    }

    [Fact]
    public async Task Who_took_its_own_expired_lease_again_has_a_new_token()
    {
        await one.HoldAsync("work", Cancellation);
        clock.Advance(Leases.Lifetime);

        Assert.True(await one.HoldAsync("work", Cancellation));

        Assert.Equal(2, await host.InDatabaseAsync(db => db.Set<Lease>().Select(l => l.Token).SingleAsync()));
    }

    [Fact]
    public async Task What_is_released_is_free_at_once()
    {
        await one.HoldAsync("work", Cancellation);

        await one.ReleaseAsync(Cancellation);

        Assert.True(await other.HoldAsync("work", Cancellation));
        Assert.False(await one.HoldAsync("work", Cancellation));
    }

    [Theory]
    [InlineData("{0}:2147483647:dead", true)]
    [InlineData("{0}:{1}:this one", false)]
    [InlineData("another-machine:2147483647:unknown", false)]
    [InlineData("{0}:not-a-number", false)]
    public async Task Nobody_waits_for_a_process_of_this_machine_that_is_no_more(string owner, bool isGone)
    {
        var holder = string.Format(System.Globalization.CultureInfo.InvariantCulture, owner, Environment.MachineName, Environment.ProcessId);
        await host.InDatabaseAsync(async db =>
        {
            db.Add(new Lease("work", holder, clock.GetUtcNow() + Leases.Lifetime));
            return await db.SaveChangesAsync(Cancellation);
        });

        Assert.Equal(isGone, await one.HoldAsync("work", Cancellation));
    }

    [Fact]
    public async Task A_timer_renews_what_is_held_while_there_is_nothing_to_commit()
    {
        await one.HoldAsync("work", Cancellation);
        await host.RunAsync(one);
        var begun = await ExpiryAsync();
        await Testing.Until.True(Renewed, "the timer runs");   // it begins some time after the start

        for (var seconds = 0; seconds < 30; seconds += 3)
        {
            var before = await ExpiryAsync();
            clock.Advance(Leases.RenewEvery);
            await Testing.Until.True(async () => await ExpiryAsync() > before, "it is renewed");
        }

        Assert.False(await other.HoldAsync("work", Cancellation));

        async Task<bool> Renewed()
        {
            clock.Advance(Leases.RenewEvery / 10);
            return await ExpiryAsync() > begun;
        }
    }

    [Fact]
    public async Task Of_many_that_want_it_at_once_one_gets_it()
    {
        var nodes = Enumerable.Range(0, 8).Select(_ => host.NewLeases(clock)).ToList();

        var got = await Task.WhenAll(nodes.Select(node => Task.Run(() => node.HoldAsync("work", Cancellation))));

        Assert.Single(got, held => held);
    }

    private Task<bool> ConfirmAsync(Leases leases) => host.InDatabaseAsync(async db =>
    {
        await db.SaveChangesAsync(cancellation => leases.ConfirmAsync("work", db, cancellation), Cancellation);
        return true;
    });

    private Task<DateTimeOffset> ExpiryAsync() => host.InDatabaseAsync(db => db.Set<Lease>().Select(l => l.ExpiresAt).SingleAsync());
}
