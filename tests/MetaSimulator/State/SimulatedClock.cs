namespace MetaMessaging.MetaSimulator.State;

/// <summary>The machine's time plus an offset, so that a test can advance it by days.</summary>
internal sealed class SimulatedClock
{
    private long _offsetMs;

    public DateTimeOffset Now => DateTimeOffset.UtcNow.AddMilliseconds(OffsetMs);

    public long NowMs => Now.ToUnixTimeMilliseconds();

    public long NowSeconds => Now.ToUnixTimeSeconds();

    public long OffsetMs
    {
        get => Interlocked.Read(ref _offsetMs);
        set => Interlocked.Exchange(ref _offsetMs, value);
    }
}
