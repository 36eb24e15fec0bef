using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Contacts;
using MetaMessaging.Domain.Conversations;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Inbound;

/// <summary>Asks Meta for a contact's name and picture. What Meta refuses stays a placeholder; the messages are there anyway.</summary>
public sealed record EnrichContact(long ContactId) : IJob;

internal sealed class EnrichContactHandler(IAppDbContext db, IMetaGraph graph, IMediaDownloader downloader, IJobs jobs, TimeProvider clock)
    : AsyncRequestHandler<EnrichContact>
{
    protected override async Task Handle(EnrichContact request, CancellationToken cancellationToken)
    {
        var contact = await db.Contacts.Include(c => c.Facebook).Include(c => c.Instagram)
            .SingleOrDefaultAsync(c => c.Id == request.ContactId, cancellationToken);
        if (contact?.ProfileDueAt is not { } dueAt || dueAt > clock.GetUtcNow()) return;

        var conversation = await db.Conversations.Include(c => c.Connection)
            .Where(c => c.ContactId == contact.Id && c.Connection.State == ConnectionState.Active)
            .OrderBy(c => c.Id).FirstOrDefaultAsync(cancellationToken);
        if (conversation is not { Connection.CanAsk: true })
        {
            contact.RetryProfile(clock.GetUtcNow());   // the connection may come back
            await db.SaveChangesAsync(cancellationToken);
            return;
        }

        try
        {
            var recipient = Recipient.Of(conversation.Connection, conversation.Channel, conversation.ScopedUserId);
            var profile = await graph.GetProfileAsync(recipient, cancellationToken);
            var avatar = profile.PictureUrl is { } picture ? await TryDownloadAsync(picture, cancellationToken) : null;
            foreach (var identity in contact.Instagram.Where(i => i.Igsid == conversation.ScopedUserId)) identity.NoteUsername(profile.Username);
            if (profile.Name is null && profile.Username is null && avatar is null) contact.GiveUpProfile();
            else contact.CompleteProfile(profile.Name ?? profile.Username, avatar);
        }
        catch (GraphException refused)
        {
            NoteRefusal(contact, conversation.Connection, refused.Refusal);
        }

        await db.SaveChangesAsync(CancellationToken.None);
        if (contact.ProfileDueAt is { } next) jobs.Schedule(request, next);
    }

    private void NoteRefusal(Contact contact, PageConnection connection, Refusal refusal)
    {
        switch (refusal.Class)
        {
            case RefusalClass.Token:
                connection.RequireReauthorization(refusal.Title);
                contact.RetryProfile(clock.GetUtcNow());
                break;
            case RefusalClass.Transient or RefusalClass.Rate or RefusalClass.OutcomeUnknown:
                contact.RetryProfile(clock.GetUtcNow());
                break;
            default:
                contact.GiveUpProfile();
                break;
        }
    }

    /// <summary>A name without a picture is still a name.</summary>
    private async Task<StoredMedia?> TryDownloadAsync(Uri picture, CancellationToken cancellationToken)
    {
        try
        {
            return await downloader.DownloadAsync(picture, "image", cancellationToken);
        }
        catch (Exception refused) when (refused is MediaRefusedException or MediaUnavailableException)
        {
            return null;
        }
    }
}

/// <summary>Sets the alarm when a contact appears.</summary>
internal sealed class EnrichContactWhenCreated(IJobs jobs) : INotificationHandler<Happened<ContactCreated>>
{
    public Task Handle(Happened<ContactCreated> notification, CancellationToken cancellationToken)
    {
        jobs.Enqueue(new EnrichContact(notification.Event.Contact.Id));
        return Task.CompletedTask;
    }
}
