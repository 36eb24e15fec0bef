using MetaMessaging.Domain.Conversations;

namespace MetaMessaging.Application.Common;

internal static class OutboundMessages
{
    /// <summary>What a conversation sent. The direction has to be named: the index that receipts and the queue are looked up in holds nothing else.</summary>
    public static IQueryable<Message> OutboundOf(this IAppDbContext db, long conversationId) =>
        db.Messages.Where(m => m.ConversationId == conversationId && m.Direction == MessageDirection.Outbound);
}
