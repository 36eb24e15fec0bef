using System.Collections.Concurrent;

namespace MetaMessaging.MetaSimulator.Webhooks;

/// <summary>The latest deliveries, and counters over all of them.</summary>
internal sealed class DeliveryLog
{
    private const int Capacity = 5_000;

    private readonly ConcurrentQueue<Delivery> _deliveries = new();
    private long _lastId;
    private long _delivered;
    private long _failedAttempts;
    private long _dropped;
    private int _kept;

    public long NextId() => Interlocked.Increment(ref _lastId);

    public long Delivered => Interlocked.Read(ref _delivered);

    public long FailedAttempts => Interlocked.Read(ref _failedAttempts);

    public long Dropped => Interlocked.Read(ref _dropped);

    public IEnumerable<Delivery> NewestFirst => _deliveries.Reverse();

    public Delivery? Find(long id) => _deliveries.FirstOrDefault(delivery => delivery.Id == id);

    public void Add(Delivery delivery)
    {
        _deliveries.Enqueue(delivery);
        if (Interlocked.Increment(ref _kept) > Capacity && _deliveries.TryDequeue(out _)) Interlocked.Decrement(ref _kept);
        if (delivery.Status is DeliveryStatus.Dropped) Interlocked.Increment(ref _dropped);
    }

    public void CountDelivered() => Interlocked.Increment(ref _delivered);

    public void CountFailedAttempt() => Interlocked.Increment(ref _failedAttempts);

    public void Clear()
    {
        while (_deliveries.TryDequeue(out _)) Interlocked.Decrement(ref _kept);
        Interlocked.Exchange(ref _delivered, 0);
        Interlocked.Exchange(ref _failedAttempts, 0);
        Interlocked.Exchange(ref _dropped, 0);
    }
}
