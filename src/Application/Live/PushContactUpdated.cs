namespace MetaMessaging.Application.Live;

/// <summary>Conversations show the contact's name and picture.</summary>
internal sealed class PushContactUpdated(IAppDbContext db, ILiveUpdates live) : INotificationHandler<Happened<ContactUpdated>>
{
    public async Task Handle(Happened<ContactUpdated> notification, CancellationToken cancellationToken)
    {
        var contact = notification.Event.Contact;
        var conversationIds = await db.Conversations
            .Where(c => c.ContactId == contact.Id).Select(c => c.Id).ToListAsync(cancellationToken);
        foreach (var id in conversationIds) await live.ConversationUpdatedAsync(contact.OrganizationId, id);
    }
}
