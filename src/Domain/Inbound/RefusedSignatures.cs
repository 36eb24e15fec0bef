namespace MetaMessaging.Domain.Inbound;

/// <summary>
/// How many deliveries of one hour came without Meta's signature. Nothing else is kept of them: whoever forges a thousand a
/// second must not fill the database.
/// </summary>
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
