using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace MetaMessaging.MetaSimulator.Phone;

/// <summary>Tells open pages that something changed. They load the state again themselves, so a lost notice does no harm.</summary>
internal sealed class LiveFeed
{
    private readonly ConcurrentDictionary<Channel<LiveNotice>, bool> _listeners = new();

    public void Publish(string topic, string? customerId = null)
    {
        if (_listeners.IsEmpty) return;
        foreach (var listener in _listeners.Keys) listener.Writer.TryWrite(new LiveNotice(topic, customerId));
    }

    public async IAsyncEnumerable<LiveNotice> ListenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var listener = Channel.CreateBounded<LiveNotice>(new BoundedChannelOptions(500) { FullMode = BoundedChannelFullMode.DropOldest });
        _listeners[listener] = true;
        try
        {
            yield return new LiveNotice("hello", null);
            await foreach (var notice in listener.Reader.ReadAllAsync(cancellationToken)) yield return notice;
        }
        finally
        {
            _listeners.TryRemove(listener, out _);
        }
    }
}

/// <param name="Topic">thread, typing, customers, pages, deliveries, settings, reset or hello.</param>
internal sealed record LiveNotice(string Topic, string? CustomerId);
