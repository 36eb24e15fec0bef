namespace MetaMessaging.Infrastructure.Nodes;

/// <summary>A running process of the app. It writes its row every few seconds, see <see cref="NodeHeartbeat"/>.</summary>
internal sealed class Node(string id, NodeProcess process, string version, DateTimeOffset startedAt, DateTimeOffset seenAt)
{
    private Node() : this("", new NodeProcess("", "", 0), "", default, default) { }

    /// <summary>Chosen at random at each start, because host names and process ids repeat in containers.</summary>
    public string Id { get; private set; } = id;

    public string Host { get; private set; } = process.Host;

    public string ProcessSpace { get; private set; } = process.Space;

    public int ProcessId { get; private set; } = process.Id;

    public string Version { get; private set; } = version;

    public DateTimeOffset StartedAt { get; private set; } = startedAt;

    public DateTimeOffset SeenAt { get; private set; } = seenAt;
}
