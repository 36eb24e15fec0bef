namespace MetaMessaging.Application.Inbound;

/// <summary>Adds each receipt once and advances the watermarks; the messages follow after the save, or later under load.</summary>
public sealed class ReceiptRecorder(IAppDbContext db, ConversationLookup conversations, ILoadShedding load, TimeProvider clock)
    : IScopedService
{
    private readonly HashSet<(Conversation, ReceiptKind, DateTimeOffset CoversUpTo, DateTimeOffset At)> known = [];
    private readonly HashSet<Conversation> conversationsToUpdate = [];
    private readonly List<Receipt> lateReceipts = [];

    /// <summary>Reads the receipts of the same span of time. One that is missed here is applied again, which changes nothing.</summary>
    public async Task LoadAsync(IReadOnlyCollection<InboundEvent> events, CancellationToken cancellationToken)
    {
        var times = events.Where(e => e.Kind is InboundEventKind.Delivery or InboundEventKind.Read)
            .Select(e => e.Mid is null ? e.Content.Time("watermark") : e.At).OfType<DateTimeOffset>().Order().ToList();
        if (times.Count == 0) return;

        var (from, upTo) = (times[0], times[^1]);
        var byId = conversations.Conversations.ToDictionary(c => c.Id);
        var conversationIds = byId.Keys.ToList();
        var found = await db.Receipts.AsNoTracking()
            .Where(r => conversationIds.Contains(r.ConversationId) && r.At >= from && r.At <= upTo)
            .ToListAsync(cancellationToken);
        foreach (var receipt in found) known.Add((byId[receipt.ConversationId], receipt.Kind, receipt.CoversUpTo, receipt.At));
    }

    public void Record(Receipt receipt)
    {
        if (!known.Add((receipt.Conversation, receipt.Kind, receipt.CoversUpTo, receipt.At))) return;

        db.Receipts.Add(receipt);
        var upTo = receipt.CoversUpTo - Receipt.MaxClockSkew;
        var hasAdvanced = receipt.Kind is ReceiptKind.Read
            ? receipt.Conversation.AdvanceReadUpTo(upTo)
            : receipt.Conversation.AdvanceDeliveredUpTo(upTo);
        if (hasAdvanced) UpdateMessagesOf(receipt.Conversation);
        else lateReceipts.Add(receipt);
    }

    public void UpdateMessagesOf(Conversation conversation)
    {
        if (load.Level >= LoadLevel.NoReceipts) conversation.PostponeReceipts(clock.GetUtcNow());
        else conversationsToUpdate.Add(conversation);
    }

    public async Task UpdateMessagesAsync(CancellationToken cancellationToken)
    {
        foreach (var conversation in conversationsToUpdate)
            await db.MarkMessagesUpToAsync(conversation.Id, conversation.DeliveredUpTo, conversation.ReadUpTo, cancellationToken);
        foreach (var receipt in lateReceipts) await db.CorrectReceiptTimesAsync(receipt, cancellationToken);
    }
}
