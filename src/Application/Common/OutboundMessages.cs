namespace MetaMessaging.Application.Common;

internal static class OutboundMessages
{
    /// <summary>The index for receipts and the send queue is filtered by direction, so only a query with that condition uses it.</summary>
    public static IQueryable<Message> OutboundOf(this IAppDbContext db, long conversationId) =>
        db.Messages.Where(m => m.ConversationId == conversationId && m.Direction == MessageDirection.Outbound);
}
