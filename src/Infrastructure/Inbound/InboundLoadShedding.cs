using MetaMessaging.Application.Common;

namespace MetaMessaging.Infrastructure.Inbound;

/// <summary>
/// The age of the oldest delivery that nobody has tried yet, by the last look at the inbox. It goes on growing while the pump cannot
/// work; a replay of old deliveries is none.
/// </summary>
internal sealed class InboundLoadShedding(TimeProvider clock) : ILoadShedding
{
    private static readonly (TimeSpan Lag, LoadLevel Level)[] Levels =
    [
        (TimeSpan.FromSeconds(60), LoadLevel.NoSends),
        (TimeSpan.FromSeconds(40), LoadLevel.NoReceipts),
        (TimeSpan.FromSeconds(20), LoadLevel.NoEnrichment),
        (TimeSpan.FromSeconds(5), LoadLevel.NoDownloads),
    ];

    private long oldest = long.MaxValue;

    public LoadLevel Level
    {
        get
        {
            var since = Volatile.Read(ref oldest);
            if (since == long.MaxValue) return LoadLevel.Normal;
            var lag = clock.GetUtcNow() - new DateTimeOffset(since, TimeSpan.Zero);
            return Array.Find(Levels, l => lag >= l.Lag).Level;
        }
    }

    /// <param name="oldestPending">When it was received; null when the inbox holds nothing new.</param>
    public void Note(DateTimeOffset? oldestPending) => Volatile.Write(ref oldest, oldestPending?.UtcTicks ?? long.MaxValue);
}
