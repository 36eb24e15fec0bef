namespace MetaMessaging.Infrastructure.Nodes;

/// <summary>What this node has to tell the others, until <see cref="NodeMessageWriter"/> stores it.</summary>
internal sealed class NodeMessageQueue(TimeProvider clock) : INodeMessages, IDisposable
{
    /// <summary>At a rate that no installation of several nodes reaches, the oldest are lost.</summary>
    internal const int MaxCount = 10_000;

    /// <summary>A node that has just started is known here within three seconds and then gets what it has missed. The rest of the time
    /// is for a database that cannot be written for a moment.</summary>
    internal static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly WakeUpSignal signal = new();
    private Queue<QueuedNodeMessage> waiting = [];

    public void Send(string kind, object message)
    {
        lock (gate)
        {
            waiting.Enqueue(new QueuedNodeMessage(kind, message, clock.GetTimestamp()));
            DropOldest();
        }

        signal.Set();
    }

    public Task WaitAsync(TimeSpan maxWait, CancellationToken cancellationToken) => signal.WaitAsync(maxWait, cancellationToken);

    public IReadOnlyCollection<QueuedNodeMessage> TakeAll()
    {
        lock (gate)
        {
            DropOldest();
            var taken = waiting;
            waiting = [];
            return taken;
        }
    }

    /// <summary>They could not be stored and are taken again, in front of the others.</summary>
    public void PutBack(IReadOnlyCollection<QueuedNodeMessage> taken)
    {
        lock (gate)
        {
            waiting = new Queue<QueuedNodeMessage>(taken.Concat(waiting));
            DropOldest();
        }
    }

    public void Dispose() => signal.Dispose();

    private void DropOldest()
    {
        while (waiting.TryPeek(out var oldest) && (waiting.Count > MaxCount || clock.GetElapsedTime(oldest.QueuedAt) > MaxAge))
            waiting.Dequeue();
    }
}

/// <param name="QueuedAt">A timestamp of the clock.</param>
internal readonly record struct QueuedNodeMessage(string Kind, object Message, long QueuedAt);
