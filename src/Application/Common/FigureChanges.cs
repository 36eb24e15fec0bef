using MetaMessaging.Domain.Figures;

namespace MetaMessaging.Application.Common;

/// <summary>What a transaction adds to the kept figures. It is summed here and written last, so that a batch of a thousand messages changes
/// a few rows once, and so that no other transaction waits long for them.</summary>
public sealed class FigureChanges
{
    private readonly Dictionary<MessageKey, MessageCounts> messages = [];
    private readonly Dictionary<(MessageKey Key, int Bucket), (int Responses, long Milliseconds)> responses = [];
    private readonly Dictionary<(long OrganizationId, int QuarterHour), int> contacts = [];
    private readonly Dictionary<(long OrganizationId, CounterName Name), long> counters = [];
    private readonly List<object> corrections = [];

    public bool IsEmpty => messages.Count + responses.Count + contacts.Count + counters.Count + corrections.Count == 0;

    /// <param name="sign">1 to count the message, -1 to count it no more.</param>
    public void Add(in MessageFigures message, int sign)
    {
        var slot = RollupSlots.SlotOf(message.OccurredAt, RollupSlots.QuarterHour);
        var key = new MessageKey(message.OrganizationId, message.ConnectionId, message.AgentId, slot, message.Channel);
        messages[key] = messages.GetValueOrDefault(key).Plus(message, sign);
        if (message.ResponseMilliseconds is not { } wait) return;

        var bucket = (key with { Channel = default }, ResponseRollup.BucketOf(wait));
        var known = responses.GetValueOrDefault(bucket);
        responses[bucket] = (known.Responses + sign, known.Milliseconds + sign * wait);
    }

    /// <summary>The same message before a change and after it.</summary>
    public void Replace(in MessageFigures before, in MessageFigures after)
    {
        Add(before, -1);
        Add(after, 1);
    }

    /// <inheritdoc cref="Add(in MessageFigures, int)"/>
    public void AddContact(long organizationId, DateTimeOffset createdAt, int sign) =>
        Sum(contacts, (organizationId, RollupSlots.SlotOf(createdAt, RollupSlots.QuarterHour)), sign);

    public void Add(long organizationId, CounterName name, long change) => Sum(counters, (organizationId, name), change);

    /// <inheritdoc cref="Add(in MessageFigures, int)"/>
    public void AddDelivery(long? organizationId, WebhookDeliveryState state, bool wasProcessed, long change) =>
        Add(organizationId ?? Counter.NoOrganization, state switch
        {
            WebhookDeliveryState.Pending when wasProcessed => CounterName.ReplayedDeliveries,
            WebhookDeliveryState.Pending => CounterName.PendingDeliveries,
            WebhookDeliveryState.Processed => CounterName.ProcessedDeliveries,
            WebhookDeliveryState.Failed => CounterName.FailedDeliveries,
            _ => CounterName.IgnoredDeliveries,
        }, change);

    public void Clear()
    {
        messages.Clear();
        responses.Clear();
        contacts.Clear();
        counters.Clear();
        corrections.Clear();
    }

    /// <summary>Rows to be added as they are, whatever the other slots hold.</summary>
    public void AddCorrections(IEnumerable<object> rows) => corrections.AddRange(rows);

    /// <summary>What is to be added to which rows, in the order of their keys, so that no two transactions wait for each other.</summary>
    public IReadOnlyList<object> ToRows()
    {
        var rows = new List<object>();
        rows.AddRange(counters.Where(c => c.Value != 0).OrderBy(c => c.Key)
            .Select(c => new Counter { OrganizationId = c.Key.OrganizationId, Name = c.Key.Name, Value = c.Value }));
        rows.AddRange(ContactRows().OrderBy(r => (r.OrganizationId, r.SlotMinutes, r.Slot)));
        rows.AddRange(MessageRows().OrderBy(r => (r.OrganizationId, r.ConnectionId, r.AgentId, r.SlotMinutes, r.Slot, r.Channel)));
        rows.AddRange(ResponseRows().OrderBy(r => (r.OrganizationId, r.ConnectionId, r.AgentId, r.SlotMinutes, r.Slot, r.Bucket)));
        rows.AddRange(corrections);
        return rows;
    }

    private static void Sum<TKey>(Dictionary<TKey, int> sums, TKey key, int change) where TKey : notnull =>
        sums[key] = sums.GetValueOrDefault(key) + change;

    private static void Sum<TKey>(Dictionary<TKey, long> sums, TKey key, long change) where TKey : notnull =>
        sums[key] = sums.GetValueOrDefault(key) + change;

    private IEnumerable<ContactRollup> ContactRows()
    {
        var sums = new Dictionary<(long OrganizationId, int SlotMinutes, int Slot), int>();
        foreach (var (key, created) in contacts)
        {
            foreach (var (minutes, slot) in SlotsOf(key.QuarterHour)) Sum(sums, (key.OrganizationId, minutes, slot), created);
        }

        return sums.Where(s => s.Value != 0).Select(s => new ContactRollup
        {
            OrganizationId = s.Key.OrganizationId, SlotMinutes = s.Key.SlotMinutes, Slot = s.Key.Slot, Created = s.Value,
        });
    }

    private IEnumerable<MessageRollup> MessageRows()
    {
        var sums = new Dictionary<(MessageKey Key, int Minutes), MessageCounts>();
        foreach (var (key, counts) in messages)
        {
            if (counts == default) continue;
            foreach (var row in RowsOf(key)) sums[row] = sums.GetValueOrDefault(row).Plus(counts);
        }

        return sums.Where(s => s.Value != default).Select(s => new MessageRollup
        {
            OrganizationId = s.Key.Key.OrganizationId, ConnectionId = s.Key.Key.ConnectionId, AgentId = s.Key.Key.AgentId,
            SlotMinutes = s.Key.Minutes, Slot = s.Key.Key.Slot, Channel = s.Key.Key.Channel,
            Inbound = s.Value.Inbound, Outbound = s.Value.Outbound, Delivered = s.Value.Delivered, Read = s.Value.Read,
            Failed = s.Value.Failed,
        });
    }

    private IEnumerable<ResponseRollup> ResponseRows()
    {
        var sums = new Dictionary<(MessageKey Key, int Minutes, int Bucket), (int Responses, long Milliseconds)>();
        foreach (var ((key, bucket), counts) in responses)
        {
            if (counts == default) continue;
            foreach (var (row, minutes) in RowsOf(key).Where(r => r.Minutes != RollupSlots.QuarterHour))
            {
                var known = sums.GetValueOrDefault((row, minutes, bucket));
                sums[(row, minutes, bucket)] = (known.Responses + counts.Responses, known.Milliseconds + counts.Milliseconds);
            }
        }

        return sums.Where(s => s.Value != default).Select(s => new ResponseRollup
        {
            OrganizationId = s.Key.Key.OrganizationId, ConnectionId = s.Key.Key.ConnectionId, AgentId = s.Key.Key.AgentId,
            SlotMinutes = s.Key.Minutes, Slot = s.Key.Key.Slot, Bucket = s.Key.Bucket,
            Responses = s.Value.Responses, Milliseconds = s.Value.Milliseconds,
        });
    }

    /// <summary>In slots of all sizes: among all messages, among those of the connection, and among those of the agent.</summary>
    private static IEnumerable<(MessageKey Key, int Minutes)> RowsOf(MessageKey key)
    {
        foreach (var (minutes, slot) in SlotsOf(key.Slot))
        {
            yield return (key with { ConnectionId = 0, AgentId = 0, Slot = slot }, minutes);
            yield return (key with { AgentId = 0, Slot = slot }, minutes);
            if (key.AgentId != 0) yield return (key with { ConnectionId = 0, Slot = slot }, minutes);
        }
    }

    private static IEnumerable<(int Minutes, int Slot)> SlotsOf(int quarterHour) =>
        RollupSlots.Sizes.Select(minutes => (minutes, (int)Math.Floor((double)quarterHour * RollupSlots.QuarterHour / minutes)));

    private readonly record struct MessageKey(long OrganizationId, long ConnectionId, long AgentId, int Slot, Channel Channel);

    private readonly record struct MessageCounts(int Inbound, int Outbound, int Delivered, int Read, int Failed)
    {
        public MessageCounts Plus(in MessageFigures message, int sign) => message.IsInbound
            ? this with { Inbound = Inbound + sign }
            : new(
                Inbound, Outbound + sign, Delivered + (message.IsDelivered ? sign : 0), Read + (message.IsRead ? sign : 0),
                Failed + (message.IsFailed ? sign : 0));

        public MessageCounts Plus(MessageCounts other) => new(
            Inbound + other.Inbound, Outbound + other.Outbound, Delivered + other.Delivered, Read + other.Read, Failed + other.Failed);
    }
}
