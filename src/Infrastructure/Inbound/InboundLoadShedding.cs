namespace MetaMessaging.Infrastructure.Inbound;

/// <summary>The level follows the age of the oldest pending delivery that was never attempted; replayed deliveries do not count.</summary>
internal sealed class InboundLoadShedding(TimeProvider clock) : ILoadShedding
{
    private static readonly (TimeSpan MinAge, LoadLevel Level)[] Levels =
    [
        (TimeSpan.FromSeconds(60), LoadLevel.NoSends),
        (TimeSpan.FromSeconds(40), LoadLevel.NoReceipts),
        (TimeSpan.FromSeconds(20), LoadLevel.NoEnrichment),
        (TimeSpan.FromSeconds(5), LoadLevel.NoDownloads),
    ];

    private long oldestTicks = long.MaxValue;

    public LoadLevel Level
    {
        get
        {
            var ticks = Volatile.Read(ref oldestTicks);
            if (ticks == long.MaxValue) return LoadLevel.Normal;

            var age = clock.GetUtcNow() - new DateTimeOffset(ticks, TimeSpan.Zero);
            return Array.Find(Levels, l => age >= l.MinAge).Level;
        }
    }

    public void Update(DateTimeOffset? oldestReceivedAt) => Volatile.Write(ref oldestTicks, oldestReceivedAt?.UtcTicks ?? long.MaxValue);
}
