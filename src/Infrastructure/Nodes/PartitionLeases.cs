using MetaMessaging.Infrastructure.Persistence;

namespace MetaMessaging.Infrastructure.Nodes;

/// <summary>Which partitions of the deliveries this node processes (<see cref="DeliveryPartition"/>): a lease each, shared out among the
/// running nodes. Work under a lease commits together with a renewal, which fails once another node has taken it over.</summary>
internal sealed partial class PartitionLeases(NodeRegistry nodes, TimeProvider clock, ILogger<PartitionLeases> logger)
{
    /// <summary>Another node may take a lease that was not renewed for so long.</summary>
    public static readonly TimeSpan Lifetime = NodeRegistry.Lifetime;

    private const int Count = DeliveryPartition.Count;

    private readonly object gate = new();

    /// <summary>By partition. A new instance each time that it is taken, so that a batch sees that its lease was lost in between.</summary>
    private readonly Dictionary<int, HeldLease> held = [];

    private DateTimeOffset expiresAt;

    /// <summary>The leases that this node holds now; none once they have expired.</summary>
    public IReadOnlyList<HeldLease> Held()
    {
        lock (gate) return clock.GetUtcNow() < expiresAt ? [.. held.Values.OrderBy(l => l.Partition)] : [];
    }

    /// <summary>Renews leases in the caller's transaction, which locks their rows against other nodes until the commit.</summary>
    /// <param name="used">Those under which the work began.</param>
    /// <exception cref="LeaseLostException">Another node has one of them, or had it: the transaction must not be committed.</exception>
    public async Task ConfirmAsync(AppDbContext db, IReadOnlyList<HeldLease> used, CancellationToken cancellationToken)
    {
        if (await SetExpiryAsync(db, used, clock.GetUtcNow() + Lifetime, cancellationToken) == used.Count && AreStillHeld(used)) return;
        throw new LeaseLostException();
    }

    public async Task RenewAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        List<HeldLease> mine;
        lock (gate) mine = [.. held.Values];
        var next = clock.GetUtcNow() + Lifetime;
        var renewed = mine.Count == 0 ? 0 : await SetExpiryAsync(db, mine, next, cancellationToken);
        if (renewed < mine.Count) return;   // balancing finds which are lost
        lock (gate) expiresAt = next;
    }

    /// <summary>Gives back what is more than this node's share, and takes up to its share of what nobody holds.</summary>
    public async Task BalanceAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var rows = await db.Set<Lease>().AsNoTracking().ToDictionaryAsync(l => l.Name, cancellationToken);
        var leases = Enumerable.Range(0, Count).Select(p => new HeldLease(p)).ToDictionary(l => l, l => rows.GetValueOrDefault(l.Name));
        ForgetLost(leases.Where(l => l.Value?.Owner != nodes.Id).Select(l => l.Key.Partition));

        var live = nodes.Live;
        var position = live.Index().First(n => n.Item == nodes.Id).Index;
        var share = Count / live.Count + (position < Count % live.Count ? 1 : 0);
        await ReleaseSurplusAsync(db, share, cancellationToken);

        // Each node begins elsewhere, so that two seldom want the same one.
        var free = leases.Where(l => l.Value is null || l.Value.ExpiresAt <= now || nodes.Ended.Contains(l.Value.Owner))
            .OrderBy(l => (l.Key.Partition - position * Count / live.Count + Count) % Count);
        foreach (var (lease, row) in free)
        {
            if (CountHeld() >= share) break;
            if (await TryTakeAsync(db, lease.Name, row, now + Lifetime, cancellationToken)) Keep(lease, now + Lifetime);
        }
    }

    public async Task ReleaseAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        await ReleaseSurplusAsync(db, share: 0, cancellationToken);
    }

    private async Task ReleaseSurplusAsync(AppDbContext db, int share, CancellationToken cancellationToken)
    {
        List<HeldLease> surplus;
        lock (gate)
        {
            surplus = [.. held.Values.OrderBy(l => l.Partition).Skip(share)];
            surplus.ForEach(lease => held.Remove(lease.Partition));
        }

        if (surplus.Count == 0) return;
        await SetExpiryAsync(db, surplus, clock.GetUtcNow(), cancellationToken);
        LogGivenBack(surplus.Count);
    }

    private async Task<bool> TryTakeAsync(
        AppDbContext db, string name, Lease? row, DateTimeOffset expiry, CancellationToken cancellationToken)
    {
        if (row is not null)
        {
            return await db.Set<Lease>().Where(l => l.Name == name && l.Owner == row.Owner && l.ExpiresAt == row.ExpiresAt)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(l => l.Owner, nodes.Id).SetProperty(l => l.ExpiresAt, expiry), cancellationToken) == 1;
        }

        var created = db.Add(new Lease(name, nodes.Id, expiry));
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException)
        {
            created.State = EntityState.Detached;
            return false;   // another node created it first, or the next try fails with the real reason
        }
    }

    private Task<int> SetExpiryAsync(
        AppDbContext db, IReadOnlyList<HeldLease> leases, DateTimeOffset expiry, CancellationToken cancellationToken)
    {
        var names = leases.Select(l => l.Name).ToList();
        return db.Set<Lease>().Where(l => names.Contains(l.Name) && l.Owner == nodes.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.ExpiresAt, expiry), cancellationToken);
    }

    private bool AreStillHeld(IReadOnlyList<HeldLease> used)
    {
        lock (gate) return used.All(l => ReferenceEquals(held.GetValueOrDefault(l.Partition), l));
    }

    private int CountHeld()
    {
        lock (gate) return held.Count;
    }

    private void Keep(HeldLease lease, DateTimeOffset expiry)
    {
        lock (gate)
        {
            if (held.Count == 0) expiresAt = expiry;
            held[lease.Partition] = lease;
        }

        LogTaken(lease.Name);
    }

    private void ForgetLost(IEnumerable<int> partitions)
    {
        lock (gate)
        {
            foreach (var partition in partitions)
            {
                if (held.Remove(partition, out var lost)) LogLost(lost.Name);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "This node has taken the lease {Lease}")]
    private partial void LogTaken(string lease);

    [LoggerMessage(LogLevel.Information, "This node has given {Count} leases back")]
    private partial void LogGivenBack(int count);

    [LoggerMessage(LogLevel.Warning, "This node has lost the lease {Lease} to another node")]
    private partial void LogLost(string lease);
}

/// <summary>The right of this node to process a partition.</summary>
internal sealed class HeldLease(int partition)
{
    public int Partition { get; } = partition;

    public string Name { get; } = $"partition-{partition:00}";
}

/// <summary>Another node does the work now; the work itself has no fault.</summary>
internal sealed class LeaseLostException() : Exception("Another node has taken over the deliveries.");
