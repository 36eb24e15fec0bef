namespace MetaMessaging.Application.Conversations;

internal static class ConversationStatuses
{
    /// <summary><see cref="Conversation.StatusAt"/> as SQL: a snooze that is over counts as open.</summary>
    public static IQueryable<Conversation> WithStatus(
        this IQueryable<Conversation> conversations, ConversationStatus status, DateTimeOffset now) =>
        conversations.Where(status switch
        {
            ConversationStatus.Open => c =>
                c.Status == ConversationStatus.Open || (c.Status == ConversationStatus.Snoozed && c.SnoozedUntil <= now),
            ConversationStatus.Snoozed => c => c.Status == ConversationStatus.Snoozed && c.SnoozedUntil > now,
            _ => c => c.Status == status,
        });
}
