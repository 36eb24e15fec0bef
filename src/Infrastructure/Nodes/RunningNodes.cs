using MetaMessaging.Infrastructure.Persistence;

namespace MetaMessaging.Infrastructure.Nodes;

internal sealed class RunningNodes(NodeRegistry registry, RedisOptions redis, IServiceProvider services, TimeProvider clock) : INodes
{
    public int LiveCount => registry.LiveCount;

    public bool HaveRedis => redis.Configuration is not null;

    public async Task<IReadOnlyList<NodeModel>> ListAsync(CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAllOrganizationsScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var now = clock.GetUtcNow();
        var nodes = await registry.Running(db).ToListAsync(cancellationToken);
        var leases = await db.Set<Lease>().AsNoTracking().Where(l => l.ExpiresAt > now).ToListAsync(cancellationToken);
        var held = leases.ToLookup(l => l.Owner, l => l.Name);
        return nodes.ConvertAll(n => new NodeModel(
            n.Host, n.ProcessId, n.Version, n.StartedAt, n.SeenAt, [.. held[n.Id].Select(PartitionOf).OfType<int>().Order()],
            n.Id == registry.Id));
    }

    private static int? PartitionOf(string lease) => Enumerable.Range(0, DeliveryPartition.Count)
        .Where(partition => new HeldLease(partition).Name == lease).Select(partition => (int?)partition).SingleOrDefault();
}
