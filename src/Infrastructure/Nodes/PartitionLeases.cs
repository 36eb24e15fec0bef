using System.Linq.Expressions;
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
        var rows = await ReadOrCreateAsync(db, cancellationToken);
        ForgetLost(rows.Where(l => l.Owner != nodes.Id));

        var live = nodes.Live;
        var position = live.Index().First(n => n.Item == nodes.Id).Index;
        var share = Count / live.Count + (position < Count % live.Count ? 1 : 0);
        var firstPartition = position * (Count / live.Count) + Math.Min(position, Count % live.Count);
        await ReleaseSurplusAsync(db, share, firstPartition, cancellationToken);
        await TakeFreeAsync(db, rows, share, firstPartition, cancellationToken);
    }

    public Task ReleaseAsync(AppDbContext db, CancellationToken cancellationToken) =>
        ReleaseSurplusAsync(db, share: 0, firstPartition: 0, cancellationToken);

    private async Task ReleaseSurplusAsync(AppDbContext db, int share, int firstPartition, CancellationToken cancellationToken)
    {
        List<HeldLease> surplus;
        lock (gate)
        {
            surplus = [.. held.Values.OrderBy(l => Distance(l.Partition, firstPartition)).Skip(share)];
            surplus.ForEach(lease => held.Remove(lease.Partition));
        }

        if (surplus.Count == 0) return;
        await SetExpiryAsync(db, surplus, clock.GetUtcNow(), cancellationToken);
        LogGivenBack(surplus.Count);
    }

    private async Task<List<Lease>> ReadOrCreateAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        var rows = await db.Set<Lease>().AsNoTracking().ToListAsync(cancellationToken);
        if (rows.Count == Count) return rows;

        var missing = Enumerable.Range(0, Count).Select(HeldLease.NameOf).Except(rows.Select(l => l.Name))
            .Select(name => new Lease(name, owner: "", clock.GetUtcNow())).ToList();
        db.AddRange(missing);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            return rows;   // another node has created them, or the next heartbeat fails with the real reason
        }
        finally
        {
            db.ChangeTracker.Clear();
        }

        return [.. rows, .. missing];
    }

    /// <param name="rows">As they were read; another node may have taken some since.</param>
    /// <param name="firstPartition">Each node begins elsewhere and keeps what is nearest, so that no two want the same ones.</param>
    private async Task TakeFreeAsync(
        AppDbContext db, List<Lease> rows, int share, int firstPartition, CancellationToken cancellationToken)
    {
        var (now, ended) = (clock.GetUtcNow(), nodes.Ended);
        var alreadyHeld = NamesOfHeld();
        var tooLate = now + 2 * Lifetime;   // of a clock that was wrong
        Expression<Func<Lease, bool>> isFree = l => l.ExpiresAt <= now || l.ExpiresAt > tooLate || ended.Contains(l.Owner);
        var wanted = rows.AsQueryable().Where(isFree).Where(l => !alreadyHeld.Contains(l.Name))
            .OrderBy(l => Distance(HeldLease.PartitionOf(l.Name), firstPartition))
            .Take(share - alreadyHeld.Count).Select(l => l.Name).ToList();
        if (wanted.Count == 0) return;

        var expiry = now + Lifetime;
        await db.Set<Lease>().Where(isFree).Where(l => wanted.Contains(l.Name))
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.Owner, nodes.Id).SetProperty(l => l.ExpiresAt, expiry), cancellationToken);
        var taken = await db.Set<Lease>().Where(l => wanted.Contains(l.Name) && l.Owner == nodes.Id)
            .Select(l => l.Name).ToListAsync(cancellationToken);
        Keep(taken, expiry);
    }

    private Task<int> SetExpiryAsync(
        AppDbContext db, IReadOnlyList<HeldLease> leases, DateTimeOffset expiry, CancellationToken cancellationToken)
    {
        var names = leases.Select(l => l.Name).ToList();
        return db.Set<Lease>().Where(l => names.Contains(l.Name) && l.Owner == nodes.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.ExpiresAt, expiry), cancellationToken);
    }

    private static int Distance(int partition, int firstPartition) => (partition - firstPartition + Count) % Count;

    private bool AreStillHeld(IReadOnlyList<HeldLease> used)
    {
        lock (gate) return used.All(l => ReferenceEquals(held.GetValueOrDefault(l.Partition), l));
    }

    private HashSet<string> NamesOfHeld()
    {
        lock (gate) return [.. held.Values.Select(l => l.Name)];
    }

    private void Keep(List<string> names, DateTimeOffset expiry)
    {
        if (names.Count == 0) return;
        int count;
        lock (gate)
        {
            if (held.Count == 0) expiresAt = expiry;
            foreach (var lease in names.Select(name => new HeldLease(HeldLease.PartitionOf(name)))) held[lease.Partition] = lease;
            count = held.Count;
        }

        LogTaken(names.Count, count, Count);
    }

    private void ForgetLost(IEnumerable<Lease> others)
    {
        lock (gate)
        {
            foreach (var lease in others)
            {
                if (held.Remove(HeldLease.PartitionOf(lease.Name))) LogLost(lease.Name);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "This node has taken {Taken} partitions and processes {Held} of {Count} now")]
    private partial void LogTaken(int taken, int held, int count);

    [LoggerMessage(LogLevel.Information, "This node has given {Count} partitions back")]
    private partial void LogGivenBack(int count);

    [LoggerMessage(LogLevel.Warning, "This node has lost {Lease} to another node")]
    private partial void LogLost(string lease);
}

/// <summary>The right of this node to process a partition.</summary>
internal sealed class HeldLease(int partition)
{
    private const string Prefix = "partition-";

    public int Partition { get; } = partition;

    public string Name { get; } = NameOf(partition);

    public static string NameOf(int partition) => $"{Prefix}{partition:00}";

    public static int PartitionOf(string name) => int.Parse(name[Prefix.Length..], CultureInfo.InvariantCulture);
}

/// <summary>Another node does the work now; the work itself has no fault.</summary>
internal sealed class LeaseLostException() : Exception("Another node has taken over the deliveries.");
