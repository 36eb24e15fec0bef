namespace MetaMessaging.Application.Common;

/// <summary>The processes of the app that share the database.</summary>
public interface INodes
{
    /// <summary>How many run, this one included; at most 2.5 s old. Each allows its share of a limit that holds for all together.</summary>
    int LiveCount { get; }

    /// <summary>Whether the nodes wake each other through Redis.</summary>
    bool HaveRedis { get; }

    /// <summary>Those that run, the longest running first.</summary>
    Task<IReadOnlyList<NodeModel>> ListAsync(CancellationToken cancellationToken);
}

/// <param name="Host">The machine or container.</param>
/// <param name="SeenAt">When it last wrote that it runs.</param>
/// <param name="Partitions">Of the deliveries, which it processes.</param>
/// <param name="IsThis">Whether it is the node that answers.</param>
public sealed record NodeModel(
    string Host, int ProcessId, string Version, DateTimeOffset StartedAt, DateTimeOffset SeenAt, IReadOnlyList<int> Partitions,
    bool IsThis);
