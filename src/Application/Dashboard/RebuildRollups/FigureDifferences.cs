using MetaMessaging.Domain.Figures;

namespace MetaMessaging.Application.Dashboard;

/// <summary>What has to be added to rows so that they hold what was counted.</summary>
internal static class FigureDifferences
{
    public static IReadOnlyList<object> Of(IEnumerable<object> counted, IEnumerable<object> kept)
    {
        var differences = new Dictionary<object, long[]>();
        foreach (var row in counted) Add(row, 1);
        foreach (var row in kept) Add(row, -1);
        return [.. differences.Where(d => d.Value.Any(n => n != 0)).Select(d => ToRow(d.Key, d.Value))];

        void Add(object row, int sign)
        {
            var (key, numbers) = Split(row);
            if (!differences.TryGetValue(key, out var sums)) differences.Add(key, sums = new long[numbers.Length]);
            for (var i = 0; i < numbers.Length; i++) sums[i] += sign * numbers[i];
        }
    }

    private static (object Key, long[] Numbers) Split(object row) => row switch
    {
        Counter c => ((c.OrganizationId < 0 ? Counter.NoOrganization : c.OrganizationId, c.Name), [c.Value]),
        ContactRollup r => ((r.OrganizationId, r.SlotMinutes, r.Slot), [r.Created]),
        MessageRollup r => (
            (r.OrganizationId, r.ConnectionId, r.AgentId, r.SlotMinutes, r.Slot, r.Channel),
            [r.Inbound, r.Outbound, r.Delivered, r.Read, r.Failed]),
        ResponseRollup r => (
            (r.OrganizationId, r.ConnectionId, r.AgentId, r.SlotMinutes, r.Slot, r.Bucket), [r.Responses, r.Milliseconds]),
        _ => throw new NotSupportedException($"{row.GetType().Name} is no table of figures."),
    };

    private static object ToRow(object key, long[] n) => key switch
    {
        (long organizationId, CounterName name) => new Counter { OrganizationId = organizationId, Name = name, Value = n[0] },
        (long organizationId, int minutes, int slot) =>
            new ContactRollup { OrganizationId = organizationId, SlotMinutes = minutes, Slot = slot, Created = (int)n[0] },
        (long organizationId, long connectionId, long agentId, int minutes, int slot, Channel channel) => new MessageRollup
        {
            OrganizationId = organizationId, ConnectionId = connectionId, AgentId = agentId, SlotMinutes = minutes, Slot = slot,
            Channel = channel, Inbound = (int)n[0], Outbound = (int)n[1], Delivered = (int)n[2], Read = (int)n[3], Failed = (int)n[4],
        },
        (long organizationId, long connectionId, long agentId, int minutes, int slot, int bucket) => new ResponseRollup
        {
            OrganizationId = organizationId, ConnectionId = connectionId, AgentId = agentId, SlotMinutes = minutes, Slot = slot,
            Bucket = bucket, Responses = (int)n[0], Milliseconds = n[1],
        },
        _ => throw new NotSupportedException($"{key} is the key of no table of figures."),
    };
}
