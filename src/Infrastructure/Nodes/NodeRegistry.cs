using System.Reflection;
using MetaMessaging.Infrastructure.Persistence;

namespace MetaMessaging.Infrastructure.Nodes;

/// <summary>This process's row among the running nodes, and who the others are.</summary>
internal sealed class NodeRegistry(TimeProvider clock)
{
    /// <summary>A node whose row is older has ended, or hangs.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    /// <summary>How long an ended node is still listed for ops.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);

    private static readonly string Version =
        typeof(NodeRegistry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    private readonly DateTimeOffset startedAt = clock.GetUtcNow();
    private volatile IReadOnlyList<string> live = [];
    private volatile IReadOnlyList<string> ended = [];

    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>The ids of the nodes that run, with this one, the longest running first.</summary>
    public IReadOnlyList<string> Live => live;

    /// <summary>The ids of processes of this machine that have ended without a clean stop: what they held need not expire first.</summary>
    public IReadOnlyList<string> Ended => ended;

    /// <summary>For limits that hold over all nodes: each allows its share.</summary>
    public int LiveCount => Math.Max(live.Count, 1);

    /// <summary>True on the node that has been running longest. A new node becomes it only when the others have ended, so that it does not
    /// begin what they have not finished.</summary>
    public bool IsFirst => live is not [var first, ..] || first == Id;

    /// <summary>Writes this node's row.</summary>
    public async Task RecordAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var rows = await db.Set<Node>().Where(n => n.Id == Id)
            .ExecuteUpdateAsync(set => set.SetProperty(n => n.SeenAt, now), cancellationToken);
        if (rows > 0) return;
        db.Add(new Node(Id, NodeProcess.Current, Version[..Math.Min(Version.Length, 64)], startedAt, now));
        await db.SaveChangesAsync(cancellationToken);
        await db.Set<Node>().Where(n => n.SeenAt < now - KeptFor).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Reads who runs.</summary>
    public async Task ReadAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        var nodes = await Running(db).ToListAsync(cancellationToken);
        ended = [.. nodes.Where(n => n.Id != Id && new NodeProcess(n.Host, n.ProcessSpace, n.ProcessId).HasEnded()).Select(n => n.Id)];
        live = [.. nodes.Select(n => n.Id).Except(ended).Append(Id).Distinct()];
    }

    /// <summary>The longest running first; also processes that have ended just now.</summary>
    public IQueryable<Node> Running(AppDbContext db)
    {
        var (since, until) = (clock.GetUtcNow() - Lifetime, clock.GetUtcNow() + Lifetime);   // later ones are of a clock that was wrong
        return db.Set<Node>().AsNoTracking().Where(n => n.SeenAt > since && n.SeenAt < until)
            .OrderBy(n => n.StartedAt).ThenBy(n => n.Id);
    }

    /// <summary>Nodes that no longer write their row and did not stop cleanly: they were killed, or hang.</summary>
    public IQueryable<Node> Hung(AppDbContext db)
    {
        var (since, until) = (clock.GetUtcNow() - KeptFor, clock.GetUtcNow() - Lifetime);
        return db.Set<Node>().AsNoTracking().Where(n => n.Id != Id && n.SeenAt > since && n.SeenAt <= until);
    }

    /// <summary>After a clean stop the others need not wait until the row has expired.</summary>
    public Task RemoveAsync(AppDbContext db, CancellationToken cancellationToken) =>
        db.Set<Node>().Where(n => n.Id == Id).ExecuteDeleteAsync(cancellationToken);
}
