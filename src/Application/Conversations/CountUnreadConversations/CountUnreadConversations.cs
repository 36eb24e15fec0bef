using MetaMessaging.Domain.Figures;

namespace MetaMessaging.Application.Conversations;

/// <summary>How many conversations have messages that no agent has seen.</summary>
public sealed record CountUnreadConversations : IRequest<int>;

internal sealed class CountUnreadConversationsHandler(IAppDbContext db) : IRequestHandler<CountUnreadConversations, int>
{
    public Task<int> Handle(CountUnreadConversations request, CancellationToken cancellationToken) =>
        db.CountAsync(CounterName.UnreadConversations, cancellationToken);
}
