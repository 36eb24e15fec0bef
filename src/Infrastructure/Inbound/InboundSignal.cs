namespace MetaMessaging.Infrastructure.Inbound;

/// <summary>
/// What writer and pump tell each other: that there is work, and whether Meta is in a rush. Several rings before the pump listens are
/// one.
/// </summary>
internal sealed class InboundSignal(TimeProvider clock) : IDisposable
{
    /// <summary>So many in one commit mean more than one can work off meanwhile.</summary>
    private const int ManyInOneCommit = 64;

    /// <summary>So many mean that others will be waiting for the next one.</summary>
    private const int SomeInOneCommit = 8;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan JustNow = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim bell = new(0, 1);
    private long lastBusy = long.MinValue;
    private long lastRush = long.MinValue;

    /// <summary>Requests wait for their commit right now: whoever else writes should be brief.</summary>
    public bool IsBusy => WasJustNow(ref lastBusy);

    private bool IsRush => WasJustNow(ref lastRush);

    public void Set()
    {
        if (bell.CurrentCount > 0) return;   // it is ringing already
        try
        {
            bell.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else rang meanwhile.
        }
    }

    /// <summary>Rings after a commit of so many. Large and small ones alternate, so one small one does not end a rush.</summary>
    public void Stored(int count)
    {
        var now = clock.GetTimestamp();
        if (count >= SomeInOneCommit) Volatile.Write(ref lastBusy, now);
        if (count >= ManyInOneCommit) Volatile.Write(ref lastRush, now);
        Set();
    }

    public Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => bell.WaitAsync(atMost, cancellationToken);

    /// <summary>
    /// Meta waits for acknowledgements and gives up on those who keep it waiting, while what is stored can wait. Returns when the rush
    /// is over, or after a while: a rush that lasts must not stop the work altogether.
    /// </summary>
    public async Task GiveWayAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (IsRush && clock.GetElapsedTime(began) < atMost) await Task.Delay(Look, clock, cancellationToken);
    }

    public void Dispose() => bell.Dispose();

    private bool WasJustNow(ref long time) => Volatile.Read(ref time) is var then and not long.MinValue && clock.GetElapsedTime(then) < JustNow;
}
