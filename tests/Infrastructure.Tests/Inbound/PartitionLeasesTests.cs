using MetaMessaging.Domain.Inbound;
using MetaMessaging.Infrastructure.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace MetaMessaging.Infrastructure.Tests.Inbound;

public sealed class PartitionLeasesTests : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2025, 10, 9, 9, 0, 0, TimeSpan.Zero));

    private WorkerHost host = null!;
    private TestNode one = null!;
    private TestNode other = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        host = await WorkerHost.OpenAsync();
        (one, other) = (host.NewNode(clock), host.NewNode(clock));
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task A_node_alone_holds_all_partitions()
    {
        await one.BeatAsync();

        Assert.Equal(Enumerable.Range(0, DeliveryPartition.Count), one.Partitions);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(20)]
    public async Task Nodes_share_the_partitions_within_two_heartbeats(int count)
    {
        await one.BeatAsync();
        var nodes = Enumerable.Range(1, count - 1).Select(_ => host.NewNode(clock)).Prepend(one).ToList();

        for (var beat = 0; beat < 3; beat++)
        {
            foreach (var node in nodes) await node.BeatAsync();
        }

        Assert.Equal(Enumerable.Range(0, DeliveryPartition.Count), nodes.SelectMany(n => n.Partitions).Order());
        var share = DeliveryPartition.Count / count;
        Assert.All(nodes, n => Assert.InRange(n.Partitions.Count(), share, share + 1));
    }

    [Fact]
    public async Task Whichever_node_held_all_partitions_the_others_do_not_want_the_same_ones()
    {
        var nodes = Enumerable.Range(0, 4).Select(_ => host.NewNode(clock)).ToList();
        foreach (var node in nodes) await node.BeatAsync();
        nodes = [.. nodes.OrderBy(n => n.Registry.Id, StringComparer.Ordinal)];
        foreach (var other in nodes.Take(3)) await other.Heartbeat.StopAsync(Cancellation);
        await nodes[3].BeatAsync();
        foreach (var node in nodes) await node.BeatAsync();
        await nodes[3].BeatAsync();

        Assert.Equal([12, 13, 14, 15], nodes[3].Partitions);
    }

    [Fact]
    public async Task Nodes_that_start_at_once_share_the_partitions()
    {
        var nodes = Enumerable.Range(0, 4).Select(_ => host.NewNode(clock)).ToList();

        for (var beat = 0; beat < 3; beat++) await Task.WhenAll(nodes.Select(node => Task.Run(node.BeatAsync)));

        Assert.Equal(Enumerable.Range(0, DeliveryPartition.Count), nodes.SelectMany(n => n.Partitions).Order());
        Assert.All(nodes, node => Assert.Equal(4, node.Partitions.Count()));
    }

    [Fact]
    public async Task The_partitions_of_a_node_that_is_silent_for_ten_seconds_are_taken_over()
    {
        await ShareAsync();

        clock.Advance(PartitionLeases.Lifetime - TimeSpan.FromSeconds(1));
        await other.BeatAsync();
        Assert.Equal(8, other.Partitions.Count());
        clock.Advance(TimeSpan.FromSeconds(1));
        await other.BeatAsync();

        Assert.Equal(DeliveryPartition.Count, other.Partitions.Count());
        Assert.Empty(one.Partitions);
    }

    [Fact]
    public async Task The_partitions_of_a_node_whose_clock_was_an_hour_ahead_are_taken_over_as_well()
    {
        var ahead = new FakeTimeProvider(clock.GetUtcNow() + TimeSpan.FromHours(1));
        var wrong = host.NewNode(ahead);
        await wrong.BeatAsync();

        await one.BeatAsync();

        Assert.Equal(DeliveryPartition.Count, one.Partitions.Count());
        Assert.Equal(1, one.Registry.LiveCount);
    }

    [Fact]
    public async Task A_new_node_is_the_first_only_when_the_one_before_it_has_ended()
    {
        await one.BeatAsync();
        var later = Enumerable.Range(0, 5).Select(_ =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return host.NewNode(clock);
        }).ToList();
        foreach (var node in later.Append(one).Concat(later)) await node.BeatAsync();
        Assert.True(one.Registry.IsFirst);
        Assert.DoesNotContain(later, n => n.Registry.IsFirst);

        await one.Heartbeat.StopAsync(Cancellation);
        foreach (var node in later) await node.BeatAsync();

        Assert.Equal([true, false, false, false, false], later.Select(n => n.Registry.IsFirst));
    }

    [Fact]
    public async Task The_partitions_of_a_node_that_has_stopped_are_taken_over_at_the_next_heartbeat()
    {
        await ShareAsync();

        await one.Heartbeat.StopAsync(Cancellation);
        await other.BeatAsync();

        Assert.Empty(one.Partitions);
        Assert.Equal(DeliveryPartition.Count, other.Partitions.Count());
    }

    [Fact]
    public async Task A_commit_renews_the_leases_it_used()
    {
        await one.BeatAsync();
        clock.Advance(TimeSpan.FromSeconds(8));
        var used = one.Leases.Held().Take(3).ToList();

        await ConfirmAsync(one, used);
        clock.Advance(TimeSpan.FromSeconds(8));
        await other.BeatAsync();

        Assert.Equal(Enumerable.Range(3, DeliveryPartition.Count - 3), other.Partitions);
    }

    [Fact]
    public async Task A_node_that_was_paused_cannot_commit_even_before_it_knows()
    {
        await one.BeatAsync();
        var used = one.Leases.Held();
        clock.Advance(PartitionLeases.Lifetime);
        await other.BeatAsync();

        await Assert.ThrowsAsync<LeaseLostException>(() => ConfirmAsync(one, used));
        await ConfirmAsync(other, other.Leases.Held());
    }

    [Fact]
    public async Task A_node_that_lost_a_lease_and_took_it_again_cannot_commit_what_began_before()
    {
        await one.BeatAsync();
        var used = one.Leases.Held();
        clock.Advance(PartitionLeases.Lifetime);
        await other.BeatAsync();
        await one.BeatAsync();
        await other.Heartbeat.StopAsync(Cancellation);
        await one.BeatAsync();

        Assert.Equal(DeliveryPartition.Count, one.Partitions.Count());
        await Assert.ThrowsAsync<LeaseLostException>(() => ConfirmAsync(one, used));
        await ConfirmAsync(one, one.Leases.Held());
    }

    [Fact]
    public async Task A_batch_that_began_before_its_partition_was_given_to_a_new_node_cannot_commit()
    {
        await one.BeatAsync();
        var used = one.Leases.Held();
        await ShareAsync();

        var kept = used.Where(l => one.Partitions.Contains(l.Partition)).ToList();
        var given = used.Except(kept).ToList();
        Assert.Equal((8, 8), (kept.Count, given.Count));
        await ConfirmAsync(one, kept);
        await Assert.ThrowsAsync<LeaseLostException>(() => ConfirmAsync(one, given));
    }

    [Theory]
    [InlineData(true, int.MaxValue, true)]
    [InlineData(true, 1, false)]
    [InlineData(false, int.MaxValue, false)]
    public async Task The_partitions_of_an_ended_process_of_this_machine_are_taken_over_at_once(bool isHere, int processId, bool areTaken)
    {
        await host.InDatabaseAsync(async db =>
        {
            var space = isHere ? NodeProcess.Current.Space : "another machine";
            db.Add(new Node("ended", new NodeProcess("", space, processId), "", clock.GetUtcNow(), clock.GetUtcNow()));
            db.AddRange(Enumerable.Range(0, DeliveryPartition.Count)
                .Select(p => new Lease(HeldLease.NameOf(p), "ended", clock.GetUtcNow() + PartitionLeases.Lifetime)));
            return await db.SaveChangesAsync(Cancellation);
        });

        await one.BeatAsync();

        Assert.Equal(areTaken ? DeliveryPartition.Count : 0, one.Partitions.Count());
    }

    [Fact]
    public async Task The_heartbeat_keeps_the_leases()
    {
        await host.RunAsync(one.Heartbeat);
        await Testing.Until.True(() => one.Leases.Held().Count > 0, "the node holds leases");

        for (var beat = 0; beat < 10; beat++)
        {
            var before = await ExpiryAsync();
            clock.Advance(NodeHeartbeat.Interval);
            await Testing.Until.True(async () => await ExpiryAsync() > before, "the leases are renewed");
        }

        await other.BeatAsync();
        Assert.Empty(other.Partitions);
    }

    /// <summary>Both hold eight of the sixteen.</summary>
    private async Task ShareAsync()
    {
        foreach (var node in new[] { one, other, one, other }) await node.BeatAsync();
        Assert.Equal((8, 8), (one.Partitions.Count(), other.Partitions.Count()));
    }

    private Task<bool> ConfirmAsync(TestNode node, IReadOnlyList<HeldLease> used) => host.InDatabaseAsync(async db =>
    {
        await db.SaveChangesAsync(cancellation => node.Leases.ConfirmAsync(db, used, cancellation), Cancellation);
        return true;
    });

    private Task<DateTimeOffset> ExpiryAsync() => host.InDatabaseAsync(db => db.Set<Lease>().MinAsync(l => l.ExpiresAt));
}
