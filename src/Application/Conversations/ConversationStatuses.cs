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

    /// <summary>Whether <see cref="UnreadCounter.UnreadCount"/> is above 0, as SQL.</summary>
    public static IQueryable<Conversation> WithUnread(this IQueryable<Conversation> conversations, bool unread) =>
        conversations.Where(c => c.InboundCount - c.SeenCount > (c.WithdrawnAfter == c.SeenCount ? c.WithdrawnCount : 0) == unread);
}
