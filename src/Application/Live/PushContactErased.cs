namespace MetaMessaging.Application.Live;

/// <summary>A browser that shows one of the conversations fetches it again and gets 404.</summary>
internal sealed class PushContactErased(ILiveUpdates live) : INotificationHandler<Happened<ContactErased>>
{
    public async Task Handle(Happened<ContactErased> notification, CancellationToken cancellationToken)
    {
        var erased = notification.Event;
        foreach (var id in erased.ConversationIds) await live.ConversationUpdatedAsync(erased.OrganizationId, id);
    }
}
