using System.Collections.Concurrent;
using System.Threading.Channels;

namespace MetaMessaging.Infrastructure.Outbound;

/// <summary>Queues conversations for the dispatcher. Each is handled by one reader at a time; signals set meanwhile count as one.</summary>
internal sealed class ConversationWakeUps
{
    private readonly Channel<long> queue = System.Threading.Channels.Channel.CreateUnbounded<long>();

    /// <summary>Conversations that are queued or being handled; true when a signal was set while one is.</summary>
    private readonly ConcurrentDictionary<long, bool> pending = new();

    public void Set(long conversationId)
    {
        if (pending.TryAdd(conversationId, false)) queue.Writer.TryWrite(conversationId);
        else if (pending.TryUpdate(conversationId, newValue: true, comparisonValue: false)) return;
        else if (pending.TryAdd(conversationId, false)) queue.Writer.TryWrite(conversationId);   // completed in between
    }

    /// <summary>Each conversation goes to one reader, which calls <see cref="Complete"/> when it has handled it.</summary>
    public bool TryRead(out long conversationId) => queue.Reader.TryRead(out conversationId);

    /// <summary>Queues the conversation again when a signal was set meanwhile.</summary>
    public void Complete(long conversationId)
    {
        if (pending.TryRemove(new KeyValuePair<long, bool>(conversationId, false))) return;

        pending[conversationId] = false;
        queue.Writer.TryWrite(conversationId);
    }
}
