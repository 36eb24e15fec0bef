using MetaMessaging.Domain.Figures;

namespace MetaMessaging.Application.Common;

/// <summary>
/// For changes that no entity goes through (ExecuteUpdate, ExecuteDelete): called beside them, in their transaction. Changes of entities
/// are counted when they are saved.
/// </summary>
internal static class FigureUpdates
{
    /// <summary>Before the messages are deleted.</summary>
    public static async Task SubtractAsync(this IAppDbContext db, IQueryable<Message> messages, CancellationToken cancellationToken)
    {
        await foreach (var message in messages.Select(MessageFigures.Selector).AsAsyncEnumerable().WithCancellation(cancellationToken))
            db.Figures.Add(message, -1);
    }

    /// <summary>Before the contacts are deleted.</summary>
    public static async Task SubtractAsync(this IAppDbContext db, IQueryable<Contact> contacts, CancellationToken cancellationToken)
    {
        foreach (var contact in await contacts.Select(c => new { c.OrganizationId, c.CreatedAt }).ToListAsync(cancellationToken))
            db.Figures.AddContact(contact.OrganizationId, contact.CreatedAt, -1);
    }

    /// <summary>Before the conversations are changed or deleted, and when they are locked: others may change them as well.</summary>
    public static Task SubtractAsync(this IAppDbContext db, IQueryable<Conversation> conversations, CancellationToken cancellationToken) =>
        db.AddAsync(conversations, -1, cancellationToken);

    /// <summary>After the conversations were changed.</summary>
    public static Task AddAsync(this IAppDbContext db, IQueryable<Conversation> conversations, CancellationToken cancellationToken) =>
        db.AddAsync(conversations, 1, cancellationToken);

    /// <summary>In the caller's transaction. Deliveries that are to be processed again meanwhile stay.</summary>
    public static async Task DeleteDeliveriesAsync(this IAppDbContext db, List<long> ids, CancellationToken cancellationToken)
    {
        var deliveries = db.WebhookDeliveries.Where(d => ids.Contains(d.Id) && d.State != WebhookDeliveryState.Pending);
        var counted = await CountAsync(deliveries, cancellationToken);
        EnsureAll(counted.Sum(of => of.Count), await deliveries.ExecuteDeleteAsync(cancellationToken));
        foreach (var of in counted) db.Figures.AddDelivery(of.OrganizationId, of.State, of.WasProcessed, -of.Count);
    }

    /// <summary>Makes deliveries pending again, in the caller's transaction; those that are pending already stay as they are.</summary>
    /// <returns>How many there are.</returns>
    public static async Task<int> MarkForReplayAsync(
        this IAppDbContext db, IQueryable<WebhookDelivery> deliveries, long replayId, CancellationToken cancellationToken)
    {
        deliveries = deliveries.Where(d => d.State != WebhookDeliveryState.Pending);
        var counted = await CountAsync(deliveries, cancellationToken);
        var marked = await deliveries.ExecuteUpdateAsync(
            set => set.SetProperty(d => d.State, WebhookDeliveryState.Pending).SetProperty(d => d.ReplayId, replayId), cancellationToken);
        EnsureAll(counted.Sum(of => of.Count), marked);
        foreach (var of in counted)
        {
            db.Figures.AddDelivery(of.OrganizationId, of.State, of.WasProcessed, -of.Count);
            db.Figures.AddDelivery(of.OrganizationId, WebhookDeliveryState.Pending, of.WasProcessed, of.Count);
        }

        return marked;
    }

    /// <summary>Only on SQL Server can another transaction come between what is counted and what is changed.</summary>
    /// <exception cref="DbUpdateConcurrencyException">It did; nothing is saved, and the caller tries again.</exception>
    public static void EnsureAll(int counted, int changed)
    {
        if (counted != changed) throw new DbUpdateConcurrencyException("The rows were changed by somebody else since they were counted.");
    }

    private static async Task AddAsync(
        this IAppDbContext db, IQueryable<Conversation> conversations, int sign, CancellationToken cancellationToken)
    {
        var rows = await conversations
            .Select(c => new
            {
                c.OrganizationId,
                c.Status,
                IsUnread = c.InboundCount - c.SeenCount > (c.WithdrawnAfter == c.SeenCount ? c.WithdrawnCount : 0),
            })
            .ToListAsync(cancellationToken);
        foreach (var row in rows)
        {
            if (row.Status is ConversationStatus.Open) db.Figures.Add(row.OrganizationId, CounterName.OpenConversations, sign);
            if (row.IsUnread) db.Figures.Add(row.OrganizationId, CounterName.UnreadConversations, sign);
        }
    }

    private static Task<List<DeliveryCount>> CountAsync(IQueryable<WebhookDelivery> deliveries, CancellationToken cancellationToken) =>
        deliveries.GroupBy(d => new { d.OrganizationId, d.State, WasProcessed = d.ProcessedAt != null })
            .Select(g => new DeliveryCount(g.Key.OrganizationId, g.Key.State, g.Key.WasProcessed, g.Count()))
            .ToListAsync(cancellationToken);

    private sealed record DeliveryCount(long? OrganizationId, WebhookDeliveryState State, bool WasProcessed, int Count);
}
