using MetaMessaging.Domain.Figures;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>
/// Sets anew which answer a customer had waited for, where the domain could not know it: messages came out of order, an answer failed or
/// was sent again after all, or two transactions answered at once. An answer ends a wait, so only those from the change on up to the first
/// one behind it are looked at.
/// </summary>
internal sealed class WaitingTimes(AppDbContext db)
{
    private readonly Dictionary<Conversation, Span> ofConversations = [];
    private readonly Dictionary<(long OrganizationId, long ConversationId), Span> ofIds = [];

    public bool HasRepairs => ofConversations.Count + ofIds.Count > 0;

    /// <param name="conversation">It may be new, so that it has no id before the save.</param>
    public void AddRepair(Conversation conversation, DateTimeOffset at) =>
        ofConversations[conversation] = Widen(ofConversations.TryGetValue(conversation, out var known) ? known : null, at);

    public void AddRepair(long organizationId, long conversationId, DateTimeOffset at) => ofIds[(organizationId, conversationId)] =
        Widen(ofIds.TryGetValue((organizationId, conversationId), out var known) ? known : null, at);

    public async Task RepairAsync(CancellationToken cancellationToken)
    {
        foreach (var (conversation, span) in ofConversations)
        {
            AddRepair(conversation.OrganizationId, conversation.Id, span.From);
            AddRepair(conversation.OrganizationId, conversation.Id, span.To);
        }

        foreach (var ((_, conversationId), span) in ofIds)
            await RepairAsync(conversationId, span, cancellationToken);
    }

    public void Clear()
    {
        ofConversations.Clear();
        ofIds.Clear();
    }

    private async Task RepairAsync(long conversationId, Span span, CancellationToken cancellationToken)
    {
        var messages = db.Messages.AsNoTracking().Where(m => m.ConversationId == conversationId);

        // Not "is outbound": an index of those exists, but not in this order, and SQLite would sort all of a long conversation.
        var answers = messages.Where(m => m.Direction != MessageDirection.Inbound && m.Status != MessageStatus.Failed);
        var previous = await answers.Where(m => m.OccurredAt < span.From).OrderByDescending(m => m.OccurredAt)
            .Select(m => (DateTimeOffset?)m.OccurredAt).FirstOrDefaultAsync(cancellationToken);
        var affected = await answers.Where(m => m.OccurredAt >= span.From && m.OccurredAt <= span.To)
            .OrderBy(m => m.OccurredAt).ThenBy(m => m.Id).ToListAsync(cancellationToken);
        affected.AddRange(await answers.Where(m => m.OccurredAt > span.To)
            .OrderBy(m => m.OccurredAt).ThenBy(m => m.Id).Take(1).ToListAsync(cancellationToken));
        foreach (var answer in affected)
        {
            var upTo = answer.OccurredAt;
            await SetAsync(answer, await FirstInboundAsync(messages.Where(m => m.OccurredAt <= upTo), previous, cancellationToken));
            previous = upTo;
        }

        var last = await answers.OrderByDescending(m => m.OccurredAt).Select(m => (DateTimeOffset?)m.OccurredAt)
            .FirstOrDefaultAsync(cancellationToken);
        await SetAsync(conversationId, await FirstInboundAsync(messages, last, cancellationToken), cancellationToken);
    }

    private static Task<DateTimeOffset?> FirstInboundAsync(
        IQueryable<Message> messages, DateTimeOffset? after, CancellationToken cancellationToken)
    {
        messages = messages.Where(m => m.Direction == MessageDirection.Inbound);
        if (after is { } time) messages = messages.Where(m => m.OccurredAt > time);
        return messages.OrderBy(m => m.OccurredAt).Select(m => (DateTimeOffset?)m.OccurredAt).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>The version stays, so that a message that is being sent can be saved; <see cref="FigureKeeper"/> reads it again.</summary>
    private async Task SetAsync(Message answer, DateTimeOffset? since)
    {
        if (answer.WaitedSince == since) return;
        await db.Messages.Where(m => m.Id == answer.Id).ExecuteUpdateAsync(set => set.SetProperty(m => m.WaitedSince, since));
        var figures = MessageFigures.Of(answer);
        db.Figures.Replace(figures, figures with { WaitedSince = since });
        if (db.Messages.Local.FindEntry(answer.Id) is { } tracked)
        {
            tracked.Property(m => m.WaitedSince).CurrentValue = since;
            tracked.Property(m => m.WaitedSince).OriginalValue = since;
        }
    }

    private async Task SetAsync(long conversationId, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        await db.Conversations.Where(c => c.Id == conversationId && c.WaitingSince != since)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.WaitingSince, since), cancellationToken);
        if (db.Conversations.Local.FindEntry(conversationId) is { } tracked)
        {
            tracked.Property(c => c.WaitingSince).CurrentValue = since;
            tracked.Property(c => c.WaitingSince).OriginalValue = since;
        }
    }

    private static Span Widen(Span? known, DateTimeOffset at) => known is { } span
        ? new Span(at < span.From ? at : span.From, at > span.To ? at : span.To)
        : new Span(at, at);

    private readonly record struct Span(DateTimeOffset From, DateTimeOffset To);
}
