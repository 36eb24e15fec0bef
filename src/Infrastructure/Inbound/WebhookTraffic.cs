namespace MetaMessaging.Infrastructure.Inbound;

/// <summary>Tells from the sizes of the latest commits whether many deliveries arrive. Large and small commits alternate under load, so a
/// large one counts for 50 ms.</summary>
internal sealed class WebhookTraffic(TimeProvider clock)
{
    /// <summary>From this size on, other requests already wait for the next commit.</summary>
    private const int MinBusyCommit = 8;

    /// <summary>From this size on, more arrives than the inbound worker can process meanwhile.</summary>
    private const int MinPeakCommit = 64;

    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan RecentDuration = TimeSpan.FromMilliseconds(50);

    private long lastBusy = long.MinValue;
    private long lastPeak = long.MinValue;

    /// <summary>True while requests wait for their commit, so that other writers should keep their transactions short.</summary>
    public bool IsBusy => IsRecent(ref lastBusy);

    private bool IsPeak => IsRecent(ref lastPeak);

    public void RecordCommit(int deliveries)
    {
        var now = clock.GetTimestamp();
        if (deliveries >= MinBusyCommit) Volatile.Write(ref lastBusy, now);
        if (deliveries >= MinPeakCommit) Volatile.Write(ref lastPeak, now);
    }

    /// <summary>Meta stops delivering to an app that acknowledges late, while deliveries that are stored can wait.</summary>
    /// <param name="maxWait">A peak that lasts must not stop the processing altogether.</param>
    public async Task WaitForPeakToPassAsync(TimeSpan maxWait, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (IsPeak && clock.GetElapsedTime(started) < maxWait) await Task.Delay(CheckInterval, clock, cancellationToken);
    }

    private bool IsRecent(ref long timestamp) =>
        Volatile.Read(ref timestamp) is var recorded and not long.MinValue && clock.GetElapsedTime(recorded) < RecentDuration;
}
