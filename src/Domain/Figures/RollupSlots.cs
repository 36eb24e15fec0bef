namespace MetaMessaging.Domain.Figures;

/// <summary>
/// The spans of time that rollups count. A day of any time zone is made of whole hours and, where the zone's offset is no whole hour, of
/// quarter hours at both ends: all offsets since 2000 are multiples of 15 minutes.
/// </summary>
public static class RollupSlots
{
    public const int QuarterHour = 15;
    public const int Hour = 60;
    public const int Day = 1440;

    /// <summary>In minutes, the smallest first; each holds a whole number of those before it.</summary>
    public static readonly IReadOnlyList<int> Sizes = [QuarterHour, Hour, Day];

    /// <returns>The number of the slot, counted from the beginning of 1970 in UTC.</returns>
    public static int SlotOf(DateTimeOffset at, int minutes) => (int)Math.Floor((at - DateTimeOffset.UnixEpoch).TotalMinutes / minutes);

    /// <summary>The largest slots that make up a span of quarter hours, so that few rows are read: quarter hours and hours at its ends,
    /// days between them.</summary>
    public static IReadOnlyList<SlotRange> Cover(int from, int to) => [.. Cover(from, to, level: 0)];

    /// <summary>The same for rollups without quarter hours: the hours that begin in the span.</summary>
    public static IReadOnlyList<SlotRange> CoverHours(int from, int to) =>
        [.. Cover(FirstIn(from, Hour / QuarterHour), FirstIn(to, Hour / QuarterHour), level: 1)];

    private static IEnumerable<SlotRange> Cover(int from, int to, int level)
    {
        if (from >= to) return [];
        var whole = new SlotRange(Sizes[level], from, to);
        if (level == Sizes.Count - 1) return [whole];

        var factor = Sizes[level + 1] / Sizes[level];
        var (first, end) = (FirstIn(from, factor), (int)Math.Floor((double)to / factor));
        if (first >= end) return [whole];
        var (before, after) = (whole with { To = first * factor }, whole with { From = end * factor });
        return [.. new[] { before, after }.Where(r => r.From < r.To), .. Cover(first, end, level + 1)];
    }

    private static int FirstIn(int slot, int factor) => (int)Math.Ceiling((double)slot / factor);
}

/// <param name="To">The first slot behind the range.</param>
public readonly record struct SlotRange(int Minutes, int From, int To);
