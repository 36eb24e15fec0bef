namespace MetaMessaging.Application.Live;

internal sealed class PushConversationUpdated(ILiveUpdates live) : INotificationHandler<Happened<ConversationUpdated>>
{
    public Task Handle(Happened<ConversationUpdated> notification, CancellationToken cancellationToken)
    {
        var conversation = notification.Event.Conversation;
        return live.ConversationUpdatedAsync(conversation.OrganizationId, conversation.Id);
    }
}
