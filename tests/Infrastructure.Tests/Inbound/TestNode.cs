using MetaMessaging.Infrastructure.Inbound;
using MetaMessaging.Infrastructure.Nodes;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaMessaging.Infrastructure.Tests.Inbound;

/// <summary>A node among others on one database; it writes its row when the test says so, or when its heartbeat is started.</summary>
internal sealed class TestNode
{
    public TestNode(IServiceProvider services, TimeProvider clock)
    {
        Registry = new NodeRegistry(clock);
        Leases = new PartitionLeases(Registry, clock, NullLogger<PartitionLeases>.Instance);
        var hungNodes = new HungNodes(Registry, clock, NullLogger<HungNodes>.Instance);
        Heartbeat = new NodeHeartbeat(Registry, Leases, hungNodes, services, clock, NullLogger<NodeHeartbeat>.Instance);
    }

    public NodeRegistry Registry { get; }

    public PartitionLeases Leases { get; }

    public NodeHeartbeat Heartbeat { get; }

    public InboundWorker? Worker { get; set; }

    public IEnumerable<int> Partitions => Leases.Held().Select(l => l.Partition);

    public Task BeatAsync() => Heartbeat.BeatAsync(TestContext.Current.CancellationToken);
}
