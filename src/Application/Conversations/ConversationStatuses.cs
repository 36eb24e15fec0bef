namespace MetaMessaging.Application.Conversations;

internal static class ConversationStatuses
{
    /// <summary>
    /// <see cref="Conversation.StatusAt"/> as SQL, one query for each stored status, because the indexes hold the conversations of each in
    /// order: a snooze that is over counts as open.
    /// </summary>
    /// <param name="status">Null for all.</param>
    public static IEnumerable<IQueryable<Conversation>> ByStatus(
        this IQueryable<Conversation> conversations, ConversationStatus? status, DateTimeOffset now)
    {
        if (status is null or ConversationStatus.Open) yield return conversations.Where(c => c.Status == ConversationStatus.Open);
        if (status is null or ConversationStatus.Closed) yield return conversations.Where(c => c.Status == ConversationStatus.Closed);
        if (status is ConversationStatus.Closed) yield break;
        var snoozed = conversations.Where(c => c.Status == ConversationStatus.Snoozed);
        yield return status switch
        {
            ConversationStatus.Open => snoozed.Where(c => c.SnoozedUntil <= now),
            // Of an expression there is no index: by the end of the snooze SQLite would find all of them and sort them for one page.
            ConversationStatus.Snoozed => snoozed.Where(c => (c.SnoozedUntil ?? DateTimeOffset.MaxValue) > now),
            _ => snoozed,
        };
    }

    /// <summary>Whether <see cref="UnreadCounter.UnreadCount"/> is above 0, as SQL; an index of SQLite holds those where it is.</summary>
    public static IQueryable<Conversation> WithUnread(this IQueryable<Conversation> conversations, bool unread) => unread
        ? conversations.Where(c => c.InboundCount - c.SeenCount > (c.WithdrawnAfter == c.SeenCount ? c.WithdrawnCount : 0))
        : conversations.Where(c => c.InboundCount - c.SeenCount <= (c.WithdrawnAfter == c.SeenCount ? c.WithdrawnCount : 0));
}
