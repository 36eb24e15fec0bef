namespace MetaMessaging.Application.Live;

internal sealed class PushMessageUpdated(ILiveUpdates live) : INotificationHandler<Happened<MessageUpdated>>
{
    public Task Handle(Happened<MessageUpdated> notification, CancellationToken cancellationToken)
    {
        var message = notification.Event.Message;
        return live.MessageUpdatedAsync(message.OrganizationId, message.ConversationId, message.Id);
    }
}
