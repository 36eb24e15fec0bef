namespace MetaMessaging.MetaSimulator.Webhooks;

/// <summary>Duplicates, drops, reorders and batches events before they are posted.</summary>
internal sealed class EventShaper
{
    private readonly Lock _lock = new();
    private readonly List<WebhookEvent> _held = [];
    private Shaping _shaping = new();
    private int _reverseLeft;

    public Shaping Shaping
    {
        get { lock (_lock) return _shaping; }
    }

    public int HeldCount
    {
        get { lock (_lock) return _held.Count; }
    }

    public void Set(Shaping shaping)
    {
        lock (_lock)
        {
            _shaping = shaping;
            _reverseLeft = shaping.ReverseNext;
        }
    }

    /// <summary>Takes an event and returns the POSTs to send now: normally one, with that event alone.</summary>
    public IReadOnlyList<IReadOnlyList<WebhookEvent>> Take(WebhookEvent webhookEvent, out bool isDropped)
    {
        lock (_lock)
        {
            isDropped = _shaping.DropNext > 0;
            if (isDropped)
            {
                _shaping = _shaping with { DropNext = _shaping.DropNext - 1 };
                return [];
            }

            if (_shaping is { Hold: false, BatchSize: <= 1 } && _reverseLeft is 0) return Repeat([[webhookEvent]]);

            _held.Add(webhookEvent);
            if (_shaping.Hold) return [];
            if (_reverseLeft > 0) return --_reverseLeft is 0 ? Empty(reverse: true, _shaping.BatchSize) : [];
            return _held.Count >= _shaping.BatchSize ? Empty(reverse: false, _shaping.BatchSize) : [];
        }
    }

    /// <summary>Releases the held events in the given order and batch size.</summary>
    public IReadOnlyList<IReadOnlyList<WebhookEvent>> Release(ReleaseOrder order, int batchSize)
    {
        lock (_lock)
        {
            _shaping = _shaping with { Hold = false };
            _reverseLeft = 0;
            if (order is ReleaseOrder.Shuffled) Random.Shared.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_held));
            return Empty(order is ReleaseOrder.Reversed, batchSize);
        }
    }

    private IReadOnlyList<IReadOnlyList<WebhookEvent>> Empty(bool reverse, int batchSize)
    {
        if (reverse) _held.Reverse();
        var batches = _held.Chunk(Math.Max(1, batchSize)).ToList();
        _held.Clear();
        return Repeat(batches);
    }

    private IReadOnlyList<IReadOnlyList<WebhookEvent>> Repeat(IReadOnlyList<IReadOnlyList<WebhookEvent>> posts) =>
        _shaping.Copies <= 1 ? posts : [.. posts.SelectMany(post => Enumerable.Repeat(post, _shaping.Copies))];
}

internal enum ReleaseOrder
{
    InOrder,
    Reversed,
    Shuffled,
}
