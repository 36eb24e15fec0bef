using MetaMessaging.Application.Conversations;
using MetaMessaging.Domain.Figures;

namespace MetaMessaging.Application.Dashboard;

/// <summary>Compares the kept figures with what a count finds, and corrects them by the difference.</summary>
internal sealed class FigureRecount(IAppDbContext db) : IScopedService
{
    /// <returns>How many rows were wrong.</returns>
    public async Task<int> RunAsync(long organizationId, CancellationToken cancellationToken)
    {
        var corrected = await CorrectAsync(() => DifferencesOfConversationsAsync(organizationId, cancellationToken), cancellationToken);
        var keys = await ReadKeysAsync(organizationId, cancellationToken);
        var next = (int?)int.MinValue;
        while ((next = await NextDayAsync(organizationId, next.Value, cancellationToken)) is { } day)
        {
            corrected += await CorrectAsync(() => DifferencesOfDayAsync(organizationId, day, keys, cancellationToken), cancellationToken);
            next = day + 1;
        }

        return corrected;
    }

    /// <summary>Of all organizations at once: a delivery may hold several organizations' events.</summary>
    public Task<int> RunForDeliveriesAsync(CancellationToken cancellationToken) => CorrectAsync(
        async () =>
        {
            var expected = new FigureChanges();
            var counted = await db.WebhookDeliveries
                .GroupBy(d => new { d.OrganizationId, d.State, WasProcessed = d.ProcessedAt != null })
                .Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancellationToken);
            foreach (var of in counted) expected.AddDelivery(of.Key.OrganizationId, of.Key.State, of.Key.WasProcessed, of.Count);
            var kept = await db.Counters.AsNoTracking()
                .Where(c => c.Name != CounterName.OutdatedRollups && c.Name != CounterName.OpenConversations
                    && c.Name != CounterName.UnreadConversations)
                .ToListAsync(cancellationToken);
            return FigureDifferences.Of(expected.ToRows(), kept);
        }, cancellationToken);

    private async Task<int> CorrectAsync(Func<Task<IReadOnlyList<object>>> compare, CancellationToken cancellationToken)
    {
        var differences = await db.ReadSnapshotAsync(compare, cancellationToken);
        if (differences.Count == 0) return 0;
        await db.SaveChangesAsync(
            _ =>
            {
                db.Figures.AddCorrections(differences);
                return Task.CompletedTask;
            }, cancellationToken);
        return differences.Count;
    }

    private async Task<IReadOnlyList<object>> DifferencesOfConversationsAsync(long organizationId, CancellationToken cancellationToken)
    {
        var conversations = db.Conversations.Where(c => c.OrganizationId == organizationId);
        var expected = new FigureChanges();
        expected.Add(
            organizationId, CounterName.UnreadConversations, await conversations.WithUnread(true).CountAsync(cancellationToken));
        expected.Add(
            organizationId, CounterName.OpenConversations,
            await conversations.CountAsync(c => c.Status == ConversationStatus.Open, cancellationToken));
        var kept = await db.Counters.AsNoTracking()
            .Where(c => c.OrganizationId == organizationId
                && (c.Name == CounterName.UnreadConversations || c.Name == CounterName.OpenConversations))
            .ToListAsync(cancellationToken);
        return FigureDifferences.Of(expected.ToRows(), kept);
    }

    /// <summary>The keys of rollups begin with them, so the rows of a day are found only by naming them.</summary>
    private async Task<RollupKeys> ReadKeysAsync(long organizationId, CancellationToken cancellationToken)
    {
        var ofMessages = db.MessageRollups.Where(r => r.OrganizationId == organizationId);
        var ofResponses = db.ResponseRollups.Where(r => r.OrganizationId == organizationId);
        var connections = await db.Connections.Where(c => c.OrganizationId == organizationId).Select(c => c.Id)
            .Union(ofMessages.Select(r => r.ConnectionId)).Union(ofResponses.Select(r => r.ConnectionId)).ToListAsync(cancellationToken);
        var agents = await ofMessages.Select(r => r.AgentId).Union(ofResponses.Select(r => r.AgentId)).ToListAsync(cancellationToken);
        return new RollupKeys([.. connections.Union([0])], agents);
    }

    /// <summary>The next day with messages or contacts, or with rollups of such.</summary>
    private async Task<int?> NextDayAsync(long organizationId, int from, CancellationToken cancellationToken)
    {
        var start = StartOf(from);
        var message = await db.Messages.Where(m => m.OrganizationId == organizationId && m.OccurredAt >= start)
            .OrderBy(m => m.OccurredAt).Select(m => (DateTimeOffset?)m.OccurredAt).FirstOrDefaultAsync(cancellationToken);
        var contact = await db.Contacts.Where(c => c.OrganizationId == organizationId && c.CreatedAt >= start)
            .OrderBy(c => c.CreatedAt).Select(c => (DateTimeOffset?)c.CreatedAt).FirstOrDefaultAsync(cancellationToken);
        int?[] days =
        [
            DayOf(message), DayOf(contact),
            await db.MessageRollups
                .Where(r => r.OrganizationId == organizationId && r.ConnectionId == 0 && r.AgentId == 0
                    && r.SlotMinutes == RollupSlots.Day && r.Slot >= from)
                .MinAsync(r => (int?)r.Slot, cancellationToken),
            await db.ContactRollups
                .Where(r => r.OrganizationId == organizationId && r.SlotMinutes == RollupSlots.Day && r.Slot >= from)
                .MinAsync(r => (int?)r.Slot, cancellationToken),
        ];
        return days.Min();

        static int? DayOf(DateTimeOffset? at) => at is { } time ? RollupSlots.SlotOf(time, RollupSlots.Day) : null;
    }

    private async Task<IReadOnlyList<object>> DifferencesOfDayAsync(
        long organizationId, int day, RollupKeys keys, CancellationToken cancellationToken)
    {
        var (start, end) = (StartOf(day), StartOf(day + 1));
        var expected = new FigureChanges();
        var messages = db.Messages.Where(m => m.OrganizationId == organizationId && m.OccurredAt >= start && m.OccurredAt < end)
            .Select(MessageFigures.Selector).AsAsyncEnumerable();
        await foreach (var message in messages.WithCancellation(cancellationToken)) expected.Add(message, 1);
        var contacts = await db.Contacts.Where(c => c.OrganizationId == organizationId && c.CreatedAt >= start && c.CreatedAt < end)
            .Select(c => c.CreatedAt).ToListAsync(cancellationToken);
        foreach (var createdAt in contacts) expected.AddContact(organizationId, createdAt, 1);

        // A member may have sent their first message since the keys were read.
        var counted = expected.ToRows();
        var agents = keys.Agents.Union(counted.OfType<MessageRollup>().Select(r => r.AgentId)).Where(id => id != 0).ToList();
        var connections = keys.Connections.Union(counted.OfType<MessageRollup>().Select(r => r.ConnectionId)).ToList();
        var kept = new List<object>();
        foreach (var minutes in RollupSlots.Sizes)
        {
            var (from, to) = (day * (RollupSlots.Day / minutes), (day + 1) * (RollupSlots.Day / minutes));
            var messageRows = db.MessageRollups.AsNoTracking()
                .Where(r => r.OrganizationId == organizationId && r.SlotMinutes == minutes && r.Slot >= from && r.Slot < to);
            kept.AddRange(await messageRows.Where(r => connections.Contains(r.ConnectionId) && r.AgentId == 0)
                .ToListAsync(cancellationToken));
            kept.AddRange(await messageRows.Where(r => r.ConnectionId == 0 && agents.Contains(r.AgentId)).ToListAsync(cancellationToken));
            var responseRows = db.ResponseRollups.AsNoTracking()
                .Where(r => r.OrganizationId == organizationId && r.SlotMinutes == minutes && r.Slot >= from && r.Slot < to);
            kept.AddRange(await responseRows.Where(r => connections.Contains(r.ConnectionId) && r.AgentId == 0)
                .ToListAsync(cancellationToken));
            kept.AddRange(await responseRows.Where(r => r.ConnectionId == 0 && agents.Contains(r.AgentId)).ToListAsync(cancellationToken));
            kept.AddRange(await db.ContactRollups.AsNoTracking()
                .Where(r => r.OrganizationId == organizationId && r.SlotMinutes == minutes && r.Slot >= from && r.Slot < to)
                .ToListAsync(cancellationToken));
        }

        return FigureDifferences.Of(counted, kept);
    }

    private static DateTimeOffset StartOf(int day) =>
        day < DateTimeOffset.MinValue.Subtract(DateTimeOffset.UnixEpoch).TotalDays + 1
            ? DateTimeOffset.MinValue
            : DateTimeOffset.UnixEpoch.AddDays(day);

    private sealed record RollupKeys(IReadOnlyList<long> Connections, IReadOnlyList<long> Agents);
}
