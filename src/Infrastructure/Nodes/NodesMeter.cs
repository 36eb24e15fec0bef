using System.Diagnostics.Metrics;

namespace MetaMessaging.Infrastructure.Nodes;

/// <summary>What this node processes and knows of the others; begun with the app, because nobody else asks for it.</summary>
internal sealed class NodesMeter(IMeterFactory meters, PartitionLeases leases, NodeRegistry nodes) : IHostedService
{
    public const string Name = "MetaMessaging.Nodes";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(Name);
        meter.CreateObservableGauge(
            "metamessaging.partitions.held", () => leases.Held().Count,
            description: "Partitions of the deliveries that this node processes");
        meter.CreateObservableGauge("metamessaging.nodes.live", () => nodes.LiveCount, description: "Nodes that run");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
