using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Conversations;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Inbound;

internal static class Receipts
{
    /// <summary>
    /// Moves every outbound message up to the watermarks forward, in at most two statements whatever the history holds; each gets the
    /// time of the first receipt that covers it. Raises no events: the conversation whose watermark advanced has raised one.
    /// </summary>
    public static async Task ApplyReceiptsAsync(
        this IAppDbContext db, long conversationId, DateTimeOffset? deliveredUpTo, DateTimeOffset? readUpTo, CancellationToken cancellationToken)
    {
        var receipts = db.Receipts.Where(r => r.ConversationId == conversationId).OrderBy(r => r.CoversUpTo).ThenBy(r => r.At);
        if (deliveredUpTo is { } delivered && (readUpTo is null || delivered > readUpTo))
        {
            var covered = delivered + Watermark.Allowance;
            await db.OutboundOf(conversationId)
                .Where(m => m.Status == MessageStatus.Sent && m.SentAt <= covered)
                .ExecuteUpdateAsync(set => set
                    .SetProperty(m => m.Status, MessageStatus.Delivered)
                    .SetProperty(m => m.DeliveredAt, m => receipts.Where(r => r.CoversUpTo >= m.SentAt).Select(r => (DateTimeOffset?)r.At).FirstOrDefault() ?? delivered)
                    .SetProperty(m => m.Version, m => m.Version + 1), cancellationToken);
        }

        if (readUpTo is { } read)
        {
            var covered = read + Watermark.Allowance;
            await db.OutboundOf(conversationId)
                .Where(m => m.SentAt <= covered && (m.Status == MessageStatus.Sent || m.Status == MessageStatus.Delivered))
                .ExecuteUpdateAsync(set => set
                    .SetProperty(m => m.Status, MessageStatus.Read)
                    .SetProperty(m => m.DeliveredAt, m => receipts.Where(r => r.CoversUpTo >= m.SentAt && (m.DeliveredAt == null || r.At <= m.DeliveredAt))
                        .Select(r => (DateTimeOffset?)r.At).FirstOrDefault() ?? m.DeliveredAt ?? read)
                    .SetProperty(m => m.ReadAt, m => receipts.Where(r => r.Kind == ReceiptKind.Read && r.CoversUpTo >= m.SentAt).Select(r => (DateTimeOffset?)r.At).FirstOrDefault() ?? read)
                    .SetProperty(m => m.Version, m => m.Version + 1), cancellationToken);
        }
    }

    /// <summary>A receipt that comes after a later one covers messages that have their times from that one: theirs are earlier.</summary>
    public static async Task CorrectTimesAsync(this IAppDbContext db, Receipt late, CancellationToken cancellationToken)
    {
        var (conversationId, at) = (late.Conversation.Id, late.At);
        var (from, upTo) = (late.CoversUpTo - Receipt.Lifetime, late.CoversUpTo);
        var covered = db.OutboundOf(conversationId).Where(m => m.SentAt > from && m.SentAt <= upTo
            && (m.Status == MessageStatus.Delivered || m.Status == MessageStatus.Read));
        await covered.Where(m => m.DeliveredAt > at)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.DeliveredAt, at).SetProperty(m => m.Version, m => m.Version + 1), cancellationToken);
        if (late.Kind is not ReceiptKind.Read) return;
        await covered.Where(m => m.ReadAt > at)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.ReadAt, at).SetProperty(m => m.Version, m => m.Version + 1), cancellationToken);
    }
}
