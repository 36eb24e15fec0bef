namespace MetaMessaging.Application.Inbound;

/// <summary>Asks Meta for a contact's name and picture. Until Meta answers, and when it refuses, the name is a placeholder.</summary>
public sealed record EnrichContact(long ContactId) : IJob;

internal sealed class EnrichContactHandler(
    IAppDbContext db,
    AuditLog audit,
    IMetaProfiles metaProfiles,
    IMediaDownloader downloader,
    IMediaStore media,
    ILoadShedding load,
    IJobs jobs,
    TimeProvider clock)
    : AsyncRequestHandler<EnrichContact>
{
    protected override async Task Handle(EnrichContact request, CancellationToken cancellationToken)
    {
        if (load.Level >= LoadLevel.NoEnrichment)
        {
            jobs.Schedule(request, clock.GetUtcNow() + ILoadShedding.RetryDelay);
            return;
        }

        if (!await TryClaimAsync(request.ContactId, cancellationToken)) return;

        var conversation = await db.Conversations.Include(c => c.Connection)
            .Where(c => c.ContactId == request.ContactId && c.Connection.State == ConnectionState.Active)
            .OrderByDescending(c => c.LastInboundAt).ThenBy(c => c.Id).FirstOrDefaultAsync(cancellationToken);
        var answer = await AskAsync(conversation, cancellationToken);
        await using var avatar = answer.Avatar;

        // Read after Meta's answer, because an agent may rename the contact while the request runs.
        var contact = await db.Contacts.Include(c => c.Instagram)
            .SingleOrDefaultAsync(c => c.Id == request.ContactId, CancellationToken.None);
        if (contact is null) return;   // erased or merged meanwhile

        var oldAvatarKey = contact.AvatarKey;
        Apply(answer, contact, conversation);
        await db.SaveChangesAsync(contact.AvatarKey == avatar?.Media.Key ? avatar : null, CancellationToken.None);

        if (oldAvatarKey is not null && oldAvatarKey != contact.AvatarKey) await media.DeleteAsync([oldAvatarKey], CancellationToken.None);
        if (contact.ProfileDueAt is { } next) jobs.Schedule(request, next);
    }

    /// <summary>Several jobs may start for one contact at the same time; the one that claims it asks Meta.</summary>
    private async Task<bool> TryClaimAsync(long contactId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return await db.Contacts.Where(c => c.Id == contactId && c.ProfileDueAt <= now)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.ProfileDueAt, now + Contact.ProfileClaimLifetime), cancellationToken) > 0;
    }

    private async Task<Answer> AskAsync(Conversation? conversation, CancellationToken cancellationToken)
    {
        if (conversation is not { Connection.CanCallMeta: true }) return new Answer();
        if (conversation.Connection.ProfilesPausedUntil > clock.GetUtcNow()) return new Answer();

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

    private void Apply(Answer answer, Contact contact, Conversation? conversation)
    {
        var now = clock.GetUtcNow();
        if (answer.Refusal is { } refusal)
            audit.RecordState(conversation!.Connection, () => conversation.Connection.ApplyProfileRefusal(refusal, now));

        if (answer.Profile is { } profile)
        {
            foreach (var identity in contact.Instagram.Where(i => i.Igsid == conversation!.ScopedUserId))
            {
                identity.UpdateProfile(
                    profile.Username, profile.IsVerified, profile.FollowerCount, profile.FollowsBusiness, profile.FollowedByBusiness);
            }

            if (profile.IsEmpty) contact.GiveUpProfile(now);
            else contact.CompleteProfile(profile.Name ?? profile.Username, answer.Avatar?.Media, now);
        }
        else if (conversation?.Connection.ProfilesPausedUntil is { } until && until > now)
        {
            contact.PostponeProfile(until);
        }
        else if (answer.Refusal is { } profileRefusal)
        {
            contact.ApplyProfileRefusal(profileRefusal, now);
        }
        else
        {
            contact.RetryProfile(now);   // the connection may come back
        }
    }

    /// <returns>Null when there is no picture to be had; the name is stored without it.</returns>
    private async Task<IUnsavedMedia?> TryDownloadAsync(Uri picture, CancellationToken cancellationToken)
    {
        try
        {
            return await downloader.DownloadAsync(picture, "image", withThumbnail: false, cancellationToken);
        }
        catch (Exception exception) when (exception is MediaRefusedException or MediaUnavailableException)
        {
            return null;
        }
    }

    private sealed record Answer(MetaProfile? Profile = null, IUnsavedMedia? Avatar = null, Refusal? Refusal = null);
}

internal sealed class EnrichContactWhenCreated(IJobs jobs) : NotificationHandler<Happened<ContactCreated>>
{
    protected override void Handle(Happened<ContactCreated> notification) =>
        jobs.Enqueue(new EnrichContact(notification.Event.Contact.Id));
}

internal sealed class RecoverProfiles(IAppDbContext db, IJobs jobs) : IRecovery
{
    public Task RecoverAsync(DateTimeOffset now, DateTimeOffset horizon, CancellationToken cancellationToken) => jobs.RecoverAsync(
        db.Contacts.Select(c => new DueRow { Id = c.Id, DueAt = c.ProfileDueAt }), horizon,
        id => new EnrichContact(id), cancellationToken);
}
