namespace MetaMessaging.Infrastructure.Graph;

/// <summary>Lets calls begin at a steady rate and the others wait in order. Of several nodes each allows its share, also to calls that wait
/// already when a node comes or goes: the limiters of System.Threading.RateLimiting cannot change their rate.</summary>
/// <param name="burst">How many calls may begin at once after a pause, on all nodes together; at least one on each.</param>
internal sealed class SharedRate(int perSecond, int burst, int maxQueued, INodes nodes, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan MinDelay = TimeSpan.FromMilliseconds(1);

    /// <summary>How long before <see cref="fullAt"/> a call may begin.</summary>
    private readonly TimeSpan tolerance = TimeSpan.FromSeconds((burst - 1.0) / perSecond);

    private readonly Lock gate = new();
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Times are counted from here, so that a change of the clock does not stop the calls.</summary>
    private readonly long began = clock.GetTimestamp();

    /// <summary>When all calls that a pause allows may begin again: each call moves it on by <see cref="Interval"/>.</summary>
    private TimeSpan fullAt;

    private int waiting;

    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>How many calls may begin now.</summary>
    public int Available
    {
        get
        {
            lock (gate)
            {
                var now = clock.GetElapsedTime(began);
                var left = now + tolerance - (fullAt > now ? fullAt : now);
                return left < TimeSpan.Zero ? 0 : (int)(left / Interval) + 1;
            }
        }
    }

    private TimeSpan Interval => TimeSpan.FromSeconds((double)nodes.LiveCount / perSecond);

    /// <returns>Whether the call may begin; not when others wait.</returns>
    public bool TryTake() => Waiting == 0 && TryTake(out _);

    /// <returns>False when too many wait.</returns>
    public async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        if (TryTake()) return true;
        if (Interlocked.Increment(ref waiting) > maxQueued)
        {
            Interlocked.Decrement(ref waiting);
            return false;
        }

        try
        {
            await turn.WaitAsync(cancellationToken);
            try
            {
                while (!TryTake(out var wait)) await Task.Delay(wait, clock, cancellationToken);
                return true;
            }
            finally
            {
                turn.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    public void Dispose() => turn.Dispose();

    private bool TryTake(out TimeSpan wait)
    {
        lock (gate)
        {
            var now = clock.GetElapsedTime(began);
            wait = fullAt - now - tolerance;
            if (wait > TimeSpan.Zero)
            {
                if (wait < MinDelay) wait = MinDelay;
                return false;
            }

            fullAt = (fullAt > now ? fullAt : now) + Interval;
            return true;
        }
    }
}
