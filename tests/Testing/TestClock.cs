namespace MetaMessaging.Testing;

public static class TestClock
{
    extension(TimeProvider clock)
    {
        public DateTimeOffset Now => clock.GetUtcNow();
    }
}

/// <summary>The system's clock, which a test can move forward while timers run in real time.</summary>
public sealed class ShiftedClock : TimeProvider
{
    private long shift;

    public void Advance(TimeSpan by) => Interlocked.Add(ref shift, by.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + new TimeSpan(Interlocked.Read(ref shift));

    public override long GetTimestamp() =>
        System.GetTimestamp() + (long)(Interlocked.Read(ref shift) * ((double)TimestampFrequency / TimeSpan.TicksPerSecond));
}
