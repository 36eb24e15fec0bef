namespace MetaMessaging.Infrastructure.Nodes;

/// <summary>What one node tells all others; kept for minutes.</summary>
/// <param name="kind">Says what the body holds.</param>
/// <param name="body">JSON.</param>
internal sealed class NodeMessage(string nodeId, string kind, string body, DateTimeOffset sentAt)
{
    public long Id { get; private set; }

    /// <summary>The <see cref="Node"/> that sent it.</summary>
    public string NodeId { get; private set; } = nodeId;

    public string Kind { get; private set; } = kind;

    public string Body { get; private set; } = body;

    public DateTimeOffset SentAt { get; private set; } = sentAt;
}
