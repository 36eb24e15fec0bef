namespace MetaMessaging.Application.Inbound;

/// <summary>
/// Asks Meta for a contact's name and picture. Until Meta answers, and when it refuses, the name is a placeholder. A job takes along other
/// contacts that are due, so that hundreds of new customers take few commits; their own jobs then find nothing to do.
/// </summary>
/// <param name="IsAlone">Takes none along, because several together have failed.</param>
public sealed record EnrichContact(long ContactId, bool IsAlone = false) : IJob;

internal sealed partial class EnrichContactHandler(
    IAppDbContext db,
    AuditLog audit,
    IMetaProfiles metaProfiles,
    IMediaDownloader downloader,
    IMediaStore media,
    ILoadShedding load,
    IJobs jobs,
    TimeProvider clock,
    ILogger<EnrichContactHandler> logger)
    : AsyncRequestHandler<EnrichContact>
{
    private const int MaxContacts = 16;

    protected override async Task Handle(EnrichContact request, CancellationToken cancellationToken)
    {
        if (load.Level >= LoadLevel.NoEnrichment)
        {
            jobs.Schedule(request, clock.GetUtcNow() + ILoadShedding.RetryDelay);
            return;
        }

        var claim = await TryClaimAsync(request, cancellationToken);
        if (claim is null) return;

        try
        {
            await EnrichAsync(await ReadClaimedAsync(claim, cancellationToken), cancellationToken);
        }
        catch (Exception exception) when (claim.ContactIds.Count > 1 && !cancellationToken.IsCancellationRequested)
        {
            LogFailed(exception, claim.ContactIds.Count);
            await ReleaseAsync(claim);
            foreach (var id in claim.ContactIds) jobs.Enqueue(new EnrichContact(id, IsAlone: true));
        }
    }

    /// <summary>Several jobs may start for one contact at the same time; the one that claims it asks Meta.</summary>
    /// <returns>Null when the contact is not due.</returns>
    private async Task<Claim?> TryClaimAsync(EnrichContact request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var due = db.Contacts.Where(c => c.ProfileDueAt <= now);
        var dueAt = await due.Where(c => c.Id == request.ContactId).Select(c => c.ProfileDueAt).SingleOrDefaultAsync(cancellationToken);
        if (dueAt is null) return null;

        // The fraction of a second tells the claims of one job from those of another.
        var until = now + Contact.ProfileClaimLifetime + TimeSpan.FromTicks(Random.Shared.Next((int)TimeSpan.TicksPerSecond));
        List<long> ids = [request.ContactId];
        await db.SaveChangesAsync(
            async token =>
            {
                if (!request.IsAlone)
                {
                    ids = await due.Where(c => c.ProfileDueAt >= dueAt).OrderBy(c => c.ProfileDueAt)
                        .Select(c => c.Id).Take(MaxContacts).ToListAsync(token);
                }

                await due.Where(c => ids.Contains(c.Id))
                    .ExecuteUpdateAsync(set => set.SetProperty(c => c.ProfileDueAt, until), token);
            },
            cancellationToken);
        return new Claim(ids, until);
    }

    /// <summary>On SQL Server another job may have claimed some of them at the same time.</summary>
    private Task<List<long>> ReadClaimedAsync(Claim claim, CancellationToken cancellationToken) =>
        db.Contacts.Where(c => claim.ContactIds.Contains(c.Id) && c.ProfileDueAt == claim.Until)
            .Select(c => c.Id).ToListAsync(cancellationToken);

    private Task<int> ReleaseAsync(Claim claim)
    {
        var now = clock.GetUtcNow();
        return db.Contacts.Where(c => claim.ContactIds.Contains(c.Id) && c.ProfileDueAt == claim.Until)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.ProfileDueAt, now), CancellationToken.None);
    }

    private async Task EnrichAsync(List<long> claimed, CancellationToken cancellationToken)
    {
        if (claimed.Count == 0) return;
        var conversations = await db.Conversations.Include(c => c.Connection)
            .Where(c => claimed.Contains(c.ContactId) && c.Connection.State == ConnectionState.Active)
            .OrderByDescending(c => c.LastInboundAt).ThenBy(c => c.Id).ToListAsync(cancellationToken);
        var latest = conversations.DistinctBy(c => c.ContactId).ToDictionary(c => c.ContactId);
        var asked = claimed.ConvertAll(id => AskAsync(id, latest.GetValueOrDefault(id), cancellationToken));
        try
        {
            await SaveAsync((await Task.WhenAll(asked)).ToDictionary(a => a.ContactId));
        }
        finally
        {
            foreach (var answer in asked.Where(a => a.IsCompletedSuccessfully))
                if ((await answer).Avatar is { } avatar) await avatar.DisposeAsync();
        }
    }

    private async Task SaveAsync(Dictionary<long, Answer> answers)
    {
        // Read after Meta's answers, because an agent may rename a contact while the requests run, or erase or merge it.
        var contacts = await db.Contacts.Include(c => c.Instagram)
            .Where(c => answers.Keys.Contains(c.Id)).ToListAsync(CancellationToken.None);
        var oldAvatarKeys = contacts.ToDictionary(c => c.Id, c => c.AvatarKey);
        foreach (var contact in contacts) Apply(answers[contact.Id], contact);
        var avatars = contacts.Select(c => answers[c.Id].Avatar is { } avatar && c.AvatarKey == avatar.Media.Key ? avatar : null);
        await db.SaveChangesAsync([.. avatars.OfType<IUnsavedMedia>()], CancellationToken.None);

        var unused = contacts.Where(c => oldAvatarKeys[c.Id] is { } old && old != c.AvatarKey).Select(c => oldAvatarKeys[c.Id]!).ToList();
        if (unused.Count > 0) await media.DeleteAsync(unused, CancellationToken.None);
        foreach (var contact in contacts)
            if (contact.ProfileDueAt is { } next) jobs.Schedule(new EnrichContact(contact.Id), next);
    }

    private async Task<Answer> AskAsync(long contactId, Conversation? conversation, CancellationToken cancellationToken)
    {
        var answer = new Answer(contactId, conversation);
        if (conversation is not { Connection.CanCallMeta: true }) return answer;
        if (conversation.Connection.ProfilesPausedUntil > clock.GetUtcNow()) return answer;

        try
        {
            var recipient = Recipient.Of(conversation.Connection, conversation.Channel, conversation.ScopedUserId);
            var profile = await metaProfiles.GetProfileAsync(recipient, cancellationToken);
            var avatar = profile.PictureUrl is { } picture ? await TryDownloadAsync(picture, cancellationToken) : null;
            return answer with { Profile = profile, Avatar = avatar };
        }
        catch (GraphException exception)
        {
            return answer with { Refusal = exception.Refusal };
        }
    }

    private void Apply(Answer answer, Contact contact)
    {
        var (now, conversation) = (clock.GetUtcNow(), answer.Conversation);
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

    [LoggerMessage(LogLevel.Warning, "The profiles of {Count} contacts could not be requested together, so each is requested alone")]
    private partial void LogFailed(Exception exception, int count);

    private sealed record Claim(List<long> ContactIds, DateTimeOffset Until);

    private sealed record Answer(
        long ContactId, Conversation? Conversation, MetaProfile? Profile = null, IUnsavedMedia? Avatar = null, Refusal? Refusal = null);
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
