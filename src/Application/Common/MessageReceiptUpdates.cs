using MetaMessaging.Domain.Figures;
using Microsoft.EntityFrameworkCore.Query;

namespace MetaMessaging.Application.Common;

/// <summary>Set-wise, however long the history is. Raises no events: the conversation whose watermark advanced has raised one.</summary>
internal static class MessageReceiptUpdates
{
    /// <summary>In at most two statements; each message gets the time of the first receipt that covers it.</summary>
    public static async Task MarkMessagesUpToAsync(
        this IAppDbContext db, long conversationId, DateTimeOffset? deliveredUpTo, DateTimeOffset? readUpTo,
        CancellationToken cancellationToken)
    {
        var receipts = db.Receipts.Where(r => r.ConversationId == conversationId).OrderBy(r => r.CoversUpTo).ThenBy(r => r.At);
        if (deliveredUpTo is { } delivered && (readUpTo is null || delivered > readUpTo))
        {
            var covered = delivered + Receipt.MaxClockSkew;
            await db.MarkAsync(
                db.OutboundOf(conversationId).Where(m => m.Status == MessageStatus.Sent && m.SentAt <= covered),
                MessageStatus.Delivered,
                set => set
                    .SetProperty(m => m.Status, MessageStatus.Delivered)
                    .SetProperty(m => m.DeliveredAt, m => receipts
                        .Where(r => r.CoversUpTo >= m.SentAt)
                        .Select(r => (DateTimeOffset?)r.At).FirstOrDefault() ?? delivered)
                    .SetProperty(m => m.Version, m => m.Version + 1),
                cancellationToken);
        }

        if (readUpTo is { } read)
        {
            var covered = read + Receipt.MaxClockSkew;
            await db.MarkAsync(
                db.OutboundOf(conversationId)
                    .Where(m => m.SentAt <= covered && (m.Status == MessageStatus.Sent || m.Status == MessageStatus.Delivered)),
                MessageStatus.Read,
                set => set
                    .SetProperty(m => m.Status, MessageStatus.Read)
                    .SetProperty(m => m.DeliveredAt, m => receipts
                        .Where(r => r.CoversUpTo >= m.SentAt && (m.DeliveredAt == null || r.At <= m.DeliveredAt))
                        .Select(r => (DateTimeOffset?)r.At).FirstOrDefault() ?? m.DeliveredAt ?? read)
                    .SetProperty(m => m.ReadAt, m => receipts
                        .Where(r => r.Kind == ReceiptKind.Read && r.CoversUpTo >= m.SentAt)
                        .Select(r => (DateTimeOffset?)r.At).FirstOrDefault() ?? read)
                    .SetProperty(m => m.Version, m => m.Version + 1),
                cancellationToken);
        }
    }

    /// <summary>
    /// For messages that have just been saved as sent: a receipt may have come before Meta's answer. The save locks their conversations
    /// (AppDbContext), and whoever advances a watermark writes the conversation as well, so of the two the later sees both.
    /// </summary>
    public static async Task ApplyReceiptsAsync(this IAppDbContext db, IReadOnlyList<Message> sent, CancellationToken cancellationToken)
    {
        var conversationIds = sent.Select(m => m.ConversationId).Distinct().ToList();
        var watermarks = await db.Conversations.AsNoTracking()
            .Where(c => conversationIds.Contains(c.Id) && (c.DeliveredUpTo != null || c.ReadUpTo != null))
            .Select(c => new { c.Id, c.DeliveredUpTo, c.ReadUpTo }).ToListAsync(cancellationToken);
        foreach (var watermark in watermarks)
        {
            var covered = new[] { watermark.DeliveredUpTo, watermark.ReadUpTo }.Max() + Receipt.MaxClockSkew;
            if (sent.Any(m => m.ConversationId == watermark.Id && m.SentAt <= covered))
                await db.MarkMessagesUpToAsync(watermark.Id, watermark.DeliveredUpTo, watermark.ReadUpTo, cancellationToken);
        }
    }

    /// <summary>A receipt that comes after a later one sets back the times that the messages it covers have from the later one.</summary>
    public static async Task CorrectReceiptTimesAsync(this IAppDbContext db, Receipt receipt, CancellationToken cancellationToken)
    {
        var (conversationId, at) = (receipt.Conversation.Id, receipt.At);
        var (from, upTo) = (receipt.CoversUpTo - Receipt.Lifetime, receipt.CoversUpTo);
        var covered = db.OutboundOf(conversationId).Where(m => m.SentAt > from && m.SentAt <= upTo
            && (m.Status == MessageStatus.Delivered || m.Status == MessageStatus.Read));
        await covered.Where(m => m.DeliveredAt > at)
            .ExecuteUpdateAsync(
                set => set.SetProperty(m => m.DeliveredAt, at).SetProperty(m => m.Version, m => m.Version + 1), cancellationToken);
        if (receipt.Kind is not ReceiptKind.Read) return;

        await covered.Where(m => m.ReadAt > at)
            .ExecuteUpdateAsync(
                set => set.SetProperty(m => m.ReadAt, at).SetProperty(m => m.Version, m => m.Version + 1), cancellationToken);
    }

    /// <summary>Reads what the update is to change and counts it. Most receipts change nothing, and then there is no update.</summary>
    private static async Task MarkAsync(
        this IAppDbContext db, IQueryable<Message> messages, MessageStatus status, Action<UpdateSettersBuilder<Message>> set,
        CancellationToken cancellationToken)
    {
        var covered = await messages.Select(MessageFigures.Selector).ToListAsync(cancellationToken);
        if (covered.Count == 0) return;

        FigureUpdates.EnsureAll(covered.Count, await messages.ExecuteUpdateAsync(set, cancellationToken));
        foreach (var message in covered) db.Figures.Replace(message, message with { Status = status });
    }
}
