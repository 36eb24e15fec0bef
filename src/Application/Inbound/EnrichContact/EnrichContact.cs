using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Contacts;
using MetaMessaging.Domain.Conversations;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Inbound;

/// <summary>Asks Meta for a contact's name and picture. What Meta refuses stays a placeholder; the messages are there anyway.</summary>
public sealed record EnrichContact(long ContactId) : IJob;

internal sealed class EnrichContactHandler(
    IAppDbContext db, IMetaProfiles metaProfiles, IMediaDownloader downloader, IMediaStore media, ILoadShedding load, IJobs jobs, TimeProvider clock)
    : AsyncRequestHandler<EnrichContact>
{
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(20);

    protected override async Task Handle(EnrichContact request, CancellationToken cancellationToken)
    {
        if (load.Level >= LoadLevel.NoEnrichment)
        {
            jobs.Schedule(request, clock.GetUtcNow() + Later);
            return;
        }

        if (!await TryClaimAsync(request.ContactId, cancellationToken)) return;

        var conversation = await db.Conversations.Include(c => c.Connection)
            .Where(c => c.ContactId == request.ContactId && c.Connection.State == ConnectionState.Active)
            .OrderByDescending(c => c.LastInboundAt).ThenBy(c => c.Id).FirstOrDefaultAsync(cancellationToken);
        var answer = await AskAsync(conversation, cancellationToken);

        // Read only now: while Meta was asked, an agent may have given the person another name.
        var contact = await db.Contacts.Include(c => c.Instagram).SingleOrDefaultAsync(c => c.Id == request.ContactId, CancellationToken.None);
        if (contact is null)
        {
            if (answer.Avatar is { } nobodys) media.Discard(nobodys);   // erased or merged meanwhile
            return;
        }

        var before = contact.AvatarKey;
        Note(answer, contact, conversation);
        await db.SaveChangesAsync(CancellationToken.None);

        if (before is not null && before != contact.AvatarKey) media.Delete(before);
        if (contact.ProfileDueAt is { } next) jobs.Schedule(request, next);
    }

    /// <summary>Of the alarms that ring for one person at the same time, one asks Meta.</summary>
    private async Task<bool> TryClaimAsync(long contactId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return await db.Contacts.Where(c => c.Id == contactId && c.ProfileDueAt <= now)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.ProfileDueAt, now + Contact.ProfileClaim), cancellationToken) > 0;
    }

    private async Task<Answer> AskAsync(Conversation? conversation, CancellationToken cancellationToken)
    {
        if (conversation is not { Connection.CanCallMeta: true } || conversation.Connection.ProfilesPausedUntil > clock.GetUtcNow()) return new Answer();

        try
        {
            var recipient = Recipient.Of(conversation.Connection, conversation.Channel, conversation.ScopedUserId);
            var profile = await metaProfiles.GetProfileAsync(recipient, cancellationToken);
            var avatar = profile.PictureUrl is { } picture ? await TryDownloadAsync(picture, cancellationToken) : null;
            return new Answer(profile, avatar);
        }
        catch (GraphException exception)
        {
            return new Answer(Refusal: exception.Refusal);
        }
    }

    private void Note(Answer answer, Contact contact, Conversation? conversation)
    {
        var now = clock.GetUtcNow();
        if (answer.Refusal is { } refusal) conversation!.Connection.ApplyProfileRefusal(refusal, now);

        if (answer.Profile is { } profile)
        {
            foreach (var identity in contact.Instagram.Where(i => i.Igsid == conversation!.ScopedUserId))
                identity.UpdateProfile(profile.Username, profile.IsVerified, profile.FollowerCount, profile.FollowsBusiness, profile.FollowedByBusiness);
            if (profile.IsEmpty) contact.GiveUpProfile(now);
            else contact.CompleteProfile(profile.Name ?? profile.Username, answer.Avatar, now);
        }
        else if (conversation?.Connection.ProfilesPausedUntil is { } until && until > now)
        {
            contact.PostponeProfile(until);
        }
        else if (answer.Refusal is { } no)
        {
            contact.ApplyProfileRefusal(no, now);
        }
        else
        {
            contact.RetryProfile(now);   // the connection may come back
        }
    }

    /// <summary>A name without a picture is still a name.</summary>
    private async Task<StoredMedia?> TryDownloadAsync(Uri picture, CancellationToken cancellationToken)
    {
        try
        {
            return await downloader.DownloadAsync(picture, "image", cancellationToken);
        }
        catch (Exception exception) when (exception is MediaRefusedException or MediaUnavailableException)
        {
            return null;
        }
    }

    private sealed record Answer(MetaProfile? Profile = null, StoredMedia? Avatar = null, Refusal? Refusal = null);
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
