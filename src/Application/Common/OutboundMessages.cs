namespace MetaMessaging.Application.Common;

internal static class OutboundMessages
{
    /// <summary>
    /// The outbound messages of a conversation. The index for receipts and for the send queue is filtered by direction, so it is used only
    /// when the query has that condition.
    /// </summary>
    public static IQueryable<Message> OutboundOf(this IAppDbContext db, long conversationId) =>
        db.Messages.Where(m => m.ConversationId == conversationId && m.Direction == MessageDirection.Outbound);
}
