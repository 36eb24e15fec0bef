namespace MetaMessaging.Application.Live;

internal sealed class PushConversationsUnassigned(ILiveUpdates live) : INotificationHandler<Happened<ConversationsUnassigned>>
{
    public async Task Handle(Happened<ConversationsUnassigned> notification, CancellationToken cancellationToken)
    {
        var unassigned = notification.Event;
        foreach (var id in unassigned.ConversationIds) await live.ConversationUpdatedAsync(unassigned.OrganizationId, id);
    }
}
