using MetaMessaging.Domain.Figures;

namespace MetaMessaging.Application.Dashboard;

/// <summary>
/// Reads few rows however many messages they count. A day of a time zone is a UTC day, with what lies between its midnights and those of
/// UTC added or taken away: for a year and a channel 366 days, and a few hours for each of them.
/// </summary>
internal sealed class RollupReader(IAppDbContext db) : IScopedService
{
    private const int QuartersPerDay = RollupSlots.Day / RollupSlots.QuarterHour;

    /// <param name="days">One after the other.</param>
    /// <returns>Each day and channel, zeros included.</returns>
    public async Task<IReadOnlyList<DashboardDay>> ReadDaysAsync(
        IReadOnlyList<RollupDay> days, RollupFilter of, CancellationToken cancellationToken)
    {
        var parts = days.SelectMany(PartsOf).ToList();
        var rows = new Dictionary<(int Minutes, int Slot, Channel), MessageRollup>();
        foreach (var ofSize in parts.Select(part => (part.Minutes, part.Slot)).Distinct().GroupBy(slot => slot.Minutes))
        {
            var (minutes, slots) = (ofSize.Key, ofSize.Select(slot => slot.Slot).ToList());
            var found = await db.MessageRollups.AsNoTracking()
                .Where(r => r.ConnectionId == of.ConnectionId && r.AgentId == of.AgentId
                    && r.SlotMinutes == minutes && slots.Contains(r.Slot))
                .ToListAsync(cancellationToken);
            foreach (var row in found) rows.Add((row.SlotMinutes, row.Slot, row.Channel), row);
        }

        var byDay = parts.ToLookup(part => part.Date);
        return [.. days.SelectMany(_ => Enum.GetValues<Channel>(), (day, channel) => Sum(day.Date, channel, byDay[day.Date], rows))];
    }

    public async Task<int> ReadNewContactsAsync(int from, int to, CancellationToken cancellationToken)
    {
        var created = 0;
        foreach (var range in RollupSlots.Cover(from, to))
        {
            created += await db.ContactRollups
                .Where(r => r.SlotMinutes == range.Minutes && r.Slot >= range.From && r.Slot < range.To)
                .SumAsync(r => r.Created, cancellationToken);
        }

        return created;
    }

    public async Task<double?> ReadMedianResponseAsync(int from, int to, RollupFilter of, CancellationToken cancellationToken)
    {
        var buckets = new List<ResponseRollup>();
        foreach (var range in RollupSlots.CoverHours(from, to))
        {
            buckets.AddRange(await db.ResponseRollups.AsNoTracking()
                .Where(r => r.ConnectionId == of.ConnectionId && r.AgentId == of.AgentId
                    && r.SlotMinutes == range.Minutes && r.Slot >= range.From && r.Slot < range.To)
                .GroupBy(r => r.Bucket)
                .Select(g => new ResponseRollup
                {
                    Bucket = g.Key, Responses = g.Sum(r => r.Responses), Milliseconds = g.Sum(r => r.Milliseconds),
                })
                .ToListAsync(cancellationToken));
        }

        return ResponseRollup.MedianSeconds(buckets);
    }

    private static IEnumerable<Part> PartsOf(RollupDay day)
    {
        var (first, end) = (NearestMidnight(day.From), NearestMidnight(day.To));
        return SlotsOf(first, end, 1).Concat(Between(day.From, first)).Concat(Between(end, day.To))
            .Select(slot => new Part(day.Date, slot.Minutes, slot.Slot, slot.Sign));

        static int NearestMidnight(int quarter) => (quarter + (QuartersPerDay / 2)) / QuartersPerDay * QuartersPerDay;
        static IEnumerable<(int Minutes, int Slot, int Sign)> Between(int from, int to) =>
            from <= to ? SlotsOf(from, to, 1) : SlotsOf(to, from, -1);
    }

    private static IEnumerable<(int Minutes, int Slot, int Sign)> SlotsOf(int from, int to, int sign) => RollupSlots.Cover(from, to)
        .SelectMany(range => Enumerable.Range(range.From, range.To - range.From), (range, slot) => (range.Minutes, slot, sign));

    private static DashboardDay Sum(
        DateOnly date, Channel channel, IEnumerable<Part> parts, Dictionary<(int, int, Channel), MessageRollup> rows)
    {
        var sum = new DashboardDay(date, channel, 0, 0, 0, 0, 0);
        foreach (var part in parts)
        {
            if (!rows.TryGetValue((part.Minutes, part.Slot, channel), out var row)) continue;
            sum = sum with
            {
                Inbound = sum.Inbound + (part.Sign * row.Inbound),
                Outbound = sum.Outbound + (part.Sign * row.Outbound),
                Delivered = sum.Delivered + (part.Sign * row.Delivered),
                Read = sum.Read + (part.Sign * row.Read),
                Failed = sum.Failed + (part.Sign * row.Failed),
            };
        }

        return sum;
    }

    /// <param name="Sign">-1 for what the UTC day has and the day does not.</param>
    private sealed record Part(DateOnly Date, int Minutes, int Slot, int Sign);
}

/// <summary>A day of some time zone, in quarter hours; <paramref name="To"/> is the first one behind it.</summary>
internal sealed record RollupDay(DateOnly Date, int From, int To);

/// <summary>0 for all.</summary>
internal sealed record RollupFilter(long ConnectionId, long AgentId);
