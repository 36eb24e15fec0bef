namespace MetaMessaging.Application.Inbound;

/// <summary>Parks events that come before their message or conversation: each waits in a row until that exists, then goes through its
/// slice.</summary>
public sealed class ParkedEvents(IAppDbContext db, ConversationLookup conversations, MessageLookup messages, TimeProvider clock)
    : IScopedService
{
    private readonly Dictionary<(long ConnectionId, string Key), List<ParkedEvent>> parked = [];
    private readonly List<ParkedEvent> added = [];

    public bool IsEmpty => parked.Count == 0;

    /// <summary>Queries only when something waits on one of the connections: most batches hold nothing that anything waited for.</summary>
    public async Task LoadAsync(IReadOnlyCollection<InboundEvent> events, CancellationToken cancellationToken)
    {
        if (!conversations.HasParkedEvents) return;

        var connectionIds = conversations.ConnectionIds;
        var keys = events.SelectMany(e => e.NamedMids()).ToHashSet();
        foreach (var inbound in events)
        {
            if (conversations.FindConnection(inbound) is not { } connection) continue;
            if (ConversationKey(inbound) is { } key && conversations.Find(connection, inbound) is null) keys.Add(key);
        }

        var found = await db.ParkedEvents
            .Where(p => connectionIds.Contains(p.ConnectionId) && keys.Contains(p.Mid))
            .OrderBy(p => p.Id)
            .ToListAsync(cancellationToken);
        foreach (var waiting in found.GroupBy(p => (p.ConnectionId, p.Mid))) parked.Add(waiting.Key, [.. waiting]);
    }

    public bool Contains(PageConnection connection, string mid) => parked.ContainsKey((connection.Id, mid));

    /// <param name="body">What is kept in place of the event's own body, where only a part of it waits.</param>
    public EventOutcome Park(PageConnection connection, InboundEvent inbound, string mid, string? body = null)
    {
        Add(connection, inbound, inbound.Kind, mid, body ?? inbound.Body.GetRawText());
        return EventOutcome.Parked("It came before its message and waits for it.");
    }

    public EventOutcome ParkUntilConversationBegins(PageConnection connection, InboundEvent inbound) =>
        ConversationKey(inbound) is { Length: <= MetaId.MaxLength } key
            ? Park(connection, inbound, key)
            : EventOutcome.Ignored("The receipt names no customer.");

    public void ParkReply(PageConnection connection, InboundEvent inbound, string replyMid, string answeredMid)
    {
        var body = $$$"""{"reply":{"mid":{{{JsonSerializer.Serialize(replyMid)}}}}}""";
        Add(connection, inbound, InboundEventKind.Reply, answeredMid, body);
    }

    /// <summary>Removes and returns what waited for the event's message or conversation, now that it is there.</summary>
    public IReadOnlyList<ParkedEvent> Take(PageConnection connection, InboundEvent inbound)
    {
        if (IsEmpty) return [];

        var taken = new List<ParkedEvent>();
        if (inbound.Mid is { } mid && messages.Find(connection, mid) is not null) TakeKey(mid);
        if (ConversationKey(inbound) is { } key && conversations.Find(connection, inbound) is not null) TakeKey(key);
        db.ParkedEvents.RemoveRange(taken);
        return taken;

        void TakeKey(string key)
        {
            if (parked.Remove((connection.Id, key), out var waiting)) taken.AddRange(waiting);
        }
    }

    /// <summary>In the transaction that parks them: the answer to a send may have brought the message since it was looked for.</summary>
    public async Task MarkDueAsync(CancellationToken cancellationToken)
    {
        foreach (var (connectionId, mid) in added.Select(p => (p.ConnectionId, p.Mid)).Distinct())
        {
            if (await db.Messages.AnyAsync(m => m.ConnectionId == connectionId && m.ExternalId == mid, cancellationToken))
                await db.MarkParkedEventsDueAsync(connectionId, mid, clock.GetUtcNow(), cancellationToken);
        }
    }

    /// <summary>Stands in place of a mid where an event waits for a conversation to begin.</summary>
    private static string? ConversationKey(InboundEvent inbound) =>
        inbound.CustomerId is { } customerId ? $"{inbound.Channel}:{customerId}" : null;

    private void Add(PageConnection connection, InboundEvent inbound, InboundEventKind kind, string key, string body)
    {
        var fingerprint = InboundContent.Fingerprint(Encoding.UTF8.GetBytes(body));
        if (!parked.TryGetValue((connection.Id, key), out var waiting)) parked.Add((connection.Id, key), waiting = []);
        if (waiting.Exists(p => p.Fingerprint == fingerprint)) return;

        var parkedEvent = new ParkedEvent(
            connection, inbound.Channel, key, inbound.CustomerId, kind.ToString(), body, fingerprint, inbound.At, clock.GetUtcNow());
        db.ParkedEvents.Add(parkedEvent);
        waiting.Add(parkedEvent);
        added.Add(parkedEvent);
    }
}

internal static class DueParkedEvents
{
    /// <summary>Called in a transaction. A job applies the events then, and recovery schedules that job again if it is lost.</summary>
    /// <returns>Whether there are any.</returns>
    public static async Task<bool> MarkParkedEventsDueAsync(
        this IAppDbContext db, long connectionId, string? mid, DateTimeOffset now, CancellationToken cancellationToken) =>
        mid is not null && await db.ParkedEvents.Where(p => p.ConnectionId == connectionId && p.Mid == mid)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.ApplyDueAt, now), cancellationToken) > 0;
}
