namespace MetaMessaging.Application.Conversations;

/// <summary>How many messages failed within seven days. Older ones cannot be sent again: Meta accepts no reply after that.</summary>
public sealed record CountFailedMessages : IRequest<int>;

internal sealed class CountFailedMessagesHandler(IAppDbContext db, OrganizationScope scope, TimeProvider clock)
    : IRequestHandler<CountFailedMessages, int>
{
    public Task<int> Handle(CountFailedMessages request, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow() - MessagingWindow.HumanAgent;
        return db.Messages.OfOrganization(scope)
            .CountAsync(m => m.Status == MessageStatus.Failed && m.OccurredAt >= since, cancellationToken);
    }
}
