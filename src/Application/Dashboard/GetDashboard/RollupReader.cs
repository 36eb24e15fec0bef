using MetaMessaging.Domain.Figures;

namespace MetaMessaging.Application.Dashboard;

/// <summary>Reads few rows however many messages they count: for a year 8,784 hours a channel, or 366 days in UTC, and where days do not
/// begin with an hour four quarter hours more a day.</summary>
internal sealed class RollupReader(IAppDbContext db) : IScopedService
{
    private const int QuartersPerHour = RollupSlots.Hour / RollupSlots.QuarterHour;
    private const int QuartersPerDay = RollupSlots.Day / RollupSlots.QuarterHour;

    /// <param name="days">One after the other.</param>
    /// <returns>Each day and channel, zeros included.</returns>
    public async Task<IReadOnlyList<DashboardDay>> ReadDaysAsync(
        IReadOnlyList<RollupDay> days, RollupFilter of, CancellationToken cancellationToken)
    {
        var rows = db.MessageRollups.AsNoTracking().Where(r => r.ConnectionId == of.ConnectionId && r.AgentId == of.AgentId);
        var counts = new List<DashboardDay>();
        for (var first = 0; first < days.Count;)
        {
            // Days of the same length are read together. Those on which the clocks change are shorter or longer, and are read alone.
            var length = days[first].To - days[first].From;
            var next = first + 1;
            while (next < days.Count && length == QuartersPerDay && days[next].To - days[next].From == length) next++;
            counts.AddRange(await ReadDaysAsync(rows, days[first], days[next - 1].To, length, cancellationToken));
            first = next;
        }

        var byDay = counts.ToLookup(c => (c.Date, c.Channel));
        return [.. days.SelectMany(_ => Enum.GetValues<Channel>(), (day, channel) => Sum(day.Date, channel, byDay[(day.Date, channel)]))];
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

    private static async Task<IEnumerable<DashboardDay>> ReadDaysAsync(
        IQueryable<MessageRollup> rows, RollupDay first, int to, int length, CancellationToken cancellationToken)
    {
        var from = first.From;
        if (length == QuartersPerDay && from % QuartersPerDay == 0)
        {
            var wholeDays = new SlotRange(RollupSlots.Day, from / QuartersPerDay, to / QuartersPerDay);
            return await ReadAsync(rows, first, wholeDays, length, cancellationToken);
        }

        var hours = new SlotRange(RollupSlots.Hour, (from + QuartersPerHour - 1) / QuartersPerHour, to / QuartersPerHour);
        var counts = await ReadAsync(rows, first, hours, length, cancellationToken);
        var edges = EdgesOf(from, to, length).ToList();
        if (edges.Count == 0) return counts;

        var quarters = await rows.Where(r => r.SlotMinutes == RollupSlots.QuarterHour && edges.Contains(r.Slot))
            .ToListAsync(cancellationToken);
        return counts.Concat(quarters.Select(r => new DashboardDay(
            first.Date.AddDays((r.Slot - from) / length), r.Channel, r.Inbound, r.Outbound, r.Delivered, r.Read, r.Failed)));
    }

    /// <summary>Only the slots that lie in one day as a whole.</summary>
    private static async Task<IEnumerable<DashboardDay>> ReadAsync(
        IQueryable<MessageRollup> rows, RollupDay first, SlotRange range, int length, CancellationToken cancellationToken)
    {
        var (from, size) = (first.From, range.Minutes / RollupSlots.QuarterHour);
        var days = await rows
            .Where(r => r.SlotMinutes == range.Minutes && r.Slot >= range.From && r.Slot < range.To
                && ((r.Slot * size) - from) % length <= length - size)
            .GroupBy(r => new { Day = ((r.Slot * size) - from) / length, r.Channel })
            .Select(g => new
            {
                g.Key.Day,
                g.Key.Channel,
                Inbound = g.Sum(r => r.Inbound),
                Outbound = g.Sum(r => r.Outbound),
                Delivered = g.Sum(r => r.Delivered),
                Read = g.Sum(r => r.Read),
                Failed = g.Sum(r => r.Failed),
            })
            .ToListAsync(cancellationToken);
        return days.Select(d => new DashboardDay(
            first.Date.AddDays(d.Day), d.Channel, d.Inbound, d.Outbound, d.Delivered, d.Read, d.Failed));
    }

    /// <summary>The quarter hours of each day that are in no hour which lies in it as a whole.</summary>
    private static IEnumerable<int> EdgesOf(int from, int to, int length)
    {
        for (var start = from; start < to; start += length)
        {
            var end = start + length;
            for (var slot = start; slot % QuartersPerHour != 0; slot++) yield return slot;
            for (var slot = end - (end % QuartersPerHour); slot < end; slot++) yield return slot;
        }
    }

    private static DashboardDay Sum(DateOnly date, Channel channel, IEnumerable<DashboardDay> counts) => counts.Aggregate(
        new DashboardDay(date, channel, 0, 0, 0, 0, 0),
        (sum, day) => sum with
        {
            Inbound = sum.Inbound + day.Inbound, Outbound = sum.Outbound + day.Outbound, Delivered = sum.Delivered + day.Delivered,
            Read = sum.Read + day.Read, Failed = sum.Failed + day.Failed,
        });
}

/// <summary>A day of some time zone, in quarter hours; <paramref name="To"/> is the first one behind it.</summary>
internal sealed record RollupDay(DateOnly Date, int From, int To);

/// <summary>0 for all.</summary>
internal sealed record RollupFilter(long ConnectionId, long AgentId);
