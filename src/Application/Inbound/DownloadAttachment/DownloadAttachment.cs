namespace MetaMessaging.Application.Inbound;

/// <summary>Stores a copy of an attachment, because Meta's addresses expire. A failed download never affects the message.</summary>
[NotAudited("The message itself shows its attachments.")]
public sealed record DownloadAttachment(long AttachmentId) : IJob;

internal sealed class DownloadAttachmentHandler(
    IAppDbContext db,
    IMediaDownloader downloader,
    IMetaMessages metaMessages,
    ILoadShedding load,
    IJobs jobs,
    TimeProvider clock)
    : AsyncRequestHandler<DownloadAttachment>
{
    protected override async Task Handle(DownloadAttachment request, CancellationToken cancellationToken)
    {
        if (load.Level >= LoadLevel.NoDownloads)
        {
            jobs.Schedule(request, clock.GetUtcNow() + ILoadShedding.RetryDelay);
            return;
        }

        if (!await TryClaimAsync(request.AttachmentId, cancellationToken)) return;

        var attachment = await db.MessageAttachments.Include(a => a.Message)
            .SingleAsync(a => a.Id == request.AttachmentId, cancellationToken);
        IUnsavedMedia? media = null;
        try
        {
            media = await DownloadAsync(attachment, cancellationToken);
            attachment.Store(media.Media);
        }
        catch (MediaRefusedException exception)
        {
            attachment.Refuse(exception.Message);
        }
        catch (MediaUnavailableException exception)
        {
            attachment.RecordFailedDownload(exception.Message, exception.MayRecover, clock.GetUtcNow());
        }

        await using (media) await db.SaveChangesAsync(media is null ? [] : [media], CancellationToken.None);
        if (attachment.NextAttemptAt is { } next) jobs.Schedule(request, next);
    }

    /// <summary>Several jobs may start for one file at the same time; the one that claims it downloads it.</summary>
    private async Task<bool> TryClaimAsync(long attachmentId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return await db.MessageAttachments
            .Where(a => a.Id == attachmentId && a.NextAttemptAt <= now && a.Message.DeletedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.NextAttemptAt, now + MessageAttachment.ClaimLifetime), cancellationToken) > 0;
    }

    private async Task<IUnsavedMedia> DownloadAsync(MessageAttachment attachment, CancellationToken cancellationToken)
    {
        try
        {
            return await downloader.DownloadAsync(AddressOf(attachment), attachment.Type, withThumbnail: true, cancellationToken);
        }
        catch (MediaUnavailableException exception) when (!exception.MayRecover && attachment.AddressRenewedAt is null)
        {
            if (!await TryRenewAddressAsync(attachment, cancellationToken)) throw;
        }

        return await downloader.DownloadAsync(AddressOf(attachment), attachment.Type, withThumbnail: true, cancellationToken);
    }

    private static Uri AddressOf(MessageAttachment attachment) => Uri.TryCreate(attachment.SourceUrl, UriKind.Absolute, out var address)
        ? address
        : throw new MediaRefusedException("The attachment's address is not a valid URL.");

    /// <summary>Asks Meta for the message again, once: its copy may have an address that has not expired.</summary>
    private async Task<bool> TryRenewAddressAsync(MessageAttachment attachment, CancellationToken cancellationToken)
    {
        var connection = await db.Connections.SingleAsync(c => c.Id == attachment.Message.ConnectionId, cancellationToken);
        if (!connection.CanCallMeta || attachment.Message.ExternalId is not { } mid) return false;

        var all = await db.MessageAttachments.AsNoTracking()
            .Where(a => a.MessageId == attachment.MessageId).OrderBy(a => a.Id).ToListAsync(cancellationToken);
        try
        {
            var found = await metaMessages.GetMessageAsync(connection.PageId, connection.PageAccessToken!, mid, cancellationToken);
            var address = RenewedAddress.Find(all, all.FindIndex(a => a.Id == attachment.Id), found.Attachments);
            var isRenewed = address is not null && address != attachment.SourceUrl;
            attachment.RenewAddress(address, clock.GetUtcNow());
            return isRenewed;
        }
        catch (GraphException exception)
            when (exception.Refusal.Class is RefusalClass.Transient or RefusalClass.Rate or RefusalClass.OutcomeUnknown)
        {
            throw new MediaUnavailableException(exception.Refusal.Title, mayRecover: true, exception);
        }
        catch (GraphException)
        {
            attachment.RenewAddress(null, clock.GetUtcNow());   // a second request would be refused as well
            return false;
        }
    }
}

internal sealed class DownloadAttachmentWhenReceived(IJobs jobs) : NotificationHandler<Happened<AttachmentReceived>>
{
    protected override void Handle(Happened<AttachmentReceived> notification) =>
        jobs.Enqueue(new DownloadAttachment(notification.Event.Attachment.Id));
}

internal sealed class RecoverDownloads(IAppDbContext db, IJobs jobs) : IRecovery
{
    public Task RecoverAsync(DateTimeOffset now, DateTimeOffset horizon, CancellationToken cancellationToken) => jobs.RecoverAsync(
        db.MessageAttachments.Select(a => new DueRow { Id = a.Id, DueAt = a.NextAttemptAt }), horizon,
        id => new DownloadAttachment(id), cancellationToken);
}
