namespace MetaMessaging.Application.Conversations;

/// <summary>How many conversations have notes that mention the caller and that the caller has not read.</summary>
/// <param name="ConversationId">Counts this conversation alone.</param>
public sealed record CountUnreadMentions(long? ConversationId = null) : IRequest<int>;

internal sealed class CountUnreadMentionsHandler(IAppDbContext db, ICaller caller) : IRequestHandler<CountUnreadMentions, int>
{
    public Task<int> Handle(CountUnreadMentions request, CancellationToken cancellationToken)
    {
        var mentions = db.Mentions.UnreadOf(caller.UserId);
        if (request.ConversationId is { } id) mentions = mentions.Where(m => m.ConversationId == id);
        return mentions.Select(m => m.ConversationId).Distinct().CountAsync(cancellationToken);
    }
}

internal static class UnreadMentions
{
    public static IQueryable<Mention> UnreadOf(this IQueryable<Mention> mentions, long userId) =>
        mentions.Where(m => m.UserId == userId && m.ReadAt == null);
}
