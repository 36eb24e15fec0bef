namespace MetaMessaging.MetaSimulator.State;

/// <summary>The platform's own idea of the time: the machine's, moved by an offset, so that days can pass at once.</summary>
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
