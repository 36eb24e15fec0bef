using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Conversations;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Inbound;

internal static class Receipts
{
    /// <summary>
    /// Moves every outbound message up to the watermarks forward, in at most two statements whatever the history holds. Raises no
    /// events: the conversation whose watermark advanced has raised one.
    /// </summary>
    public static async Task ApplyReceiptsAsync(
        this IAppDbContext db, long conversationId, DateTimeOffset? deliveredUpTo, DateTimeOffset? readUpTo, CancellationToken cancellationToken)
    {
        if (deliveredUpTo is { } delivered && (readUpTo is null || delivered > readUpTo))
        {
            var covered = delivered + Watermark.Allowance;
            await db.Messages
                .Where(m => m.ConversationId == conversationId && m.Status == MessageStatus.Sent && m.SentAt <= covered)
                .ExecuteUpdateAsync(set => set
                    .SetProperty(m => m.Status, MessageStatus.Delivered)
                    .SetProperty(m => m.DeliveredAt, delivered)
                    .SetProperty(m => m.Version, m => m.Version + 1), cancellationToken);
        }

        if (readUpTo is { } read)
        {
            var covered = read + Watermark.Allowance;
            await db.Messages
                .Where(m => m.ConversationId == conversationId && m.SentAt <= covered
                    && (m.Status == MessageStatus.Sent || m.Status == MessageStatus.Delivered))
                .ExecuteUpdateAsync(set => set
                    .SetProperty(m => m.Status, MessageStatus.Read)
                    .SetProperty(m => m.DeliveredAt, m => m.DeliveredAt ?? read)
                    .SetProperty(m => m.ReadAt, read)
                    .SetProperty(m => m.Version, m => m.Version + 1), cancellationToken);
        }
    }
}
