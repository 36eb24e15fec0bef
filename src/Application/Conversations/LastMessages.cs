namespace MetaMessaging.Application.Conversations;

internal static class LastMessages
{
    /// <summary>The newest message of each conversation. It is found by index, however many messages the conversation has.</summary>
    public static async Task<Dictionary<long, MessageModel>> LastMessagesAsync(
        this IAppDbContext db, IReadOnlyCollection<long> conversationIds, CancellationToken cancellationToken)
    {
        var ids = await db.Conversations
            .Where(c => conversationIds.Contains(c.Id))
            .Select(c => db.Messages.Where(m => m.ConversationId == c.Id)
                .OrderByDescending(m => m.OccurredAt).ThenByDescending(m => m.Id).Select(m => (long?)m.Id).FirstOrDefault())
            .ToListAsync(cancellationToken);
        var messages = await db.Messages.AsNoTracking().Include(m => m.Attachments).Include(m => m.Reactions)
            .Where(m => ids.Contains(m.Id))
            .ToListAsync(cancellationToken);
        return messages.ToDictionary(m => m.ConversationId, m => m.Adapt<MessageModel>());
    }
}
