namespace MetaMessaging.Domain.Inbound;

/// <summary>One hour's deliveries without Meta's signature: only their number, so that forged ones cannot fill the database.</summary>
public sealed class RefusedSignatures
{
    private RefusedSignatures() { }

    public RefusedSignatures(DateTimeOffset at, long count, DateTimeOffset lastAt)
    {
        Hour = HourOf(at);
        Count = count;
        LastAt = lastAt;
    }

    public DateTimeOffset Hour { get; private set; }

    public long Count { get; private set; }

    public DateTimeOffset LastAt { get; private set; }

    public static DateTimeOffset HourOf(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
}
