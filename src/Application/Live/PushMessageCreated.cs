namespace MetaMessaging.Application.Live;

internal sealed class PushMessageCreated(ILiveUpdates live) : INotificationHandler<Happened<MessageCreated>>
{
    public Task Handle(Happened<MessageCreated> notification, CancellationToken cancellationToken)
    {
        var message = notification.Event.Message;
        return live.MessageCreatedAsync(message.OrganizationId, message.ConversationId, message.Id);
    }
}
