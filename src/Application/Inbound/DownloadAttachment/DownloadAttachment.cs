using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Inbound;

/// <summary>Copies an attachment here, because Meta's addresses expire (platform reference, Downloads → Expiry). The message never depends on it.</summary>
public sealed record DownloadAttachment(long AttachmentId) : IJob;

internal sealed class DownloadAttachmentHandler(
    IAppDbContext db, IMediaDownloader downloader, IMediaStore store, IMetaMessages metaMessages, ILoadShedding load, IJobs jobs, TimeProvider clock)
    : AsyncRequestHandler<DownloadAttachment>
{
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(20);

    protected override async Task Handle(DownloadAttachment request, CancellationToken cancellationToken)
    {
        if (load.Level >= LoadLevel.NoDownloads)
        {
            jobs.Schedule(request, clock.GetUtcNow() + Later);
            return;
        }

        if (!await TryClaimAsync(request.AttachmentId, cancellationToken)) return;

        var attachment = await db.MessageAttachments.Include(a => a.Message).SingleAsync(a => a.Id == request.AttachmentId, cancellationToken);
        StoredMedia? media = null;
        try
        {
            media = await DownloadAsync(attachment, cancellationToken);
            attachment.Store(media);
        }
        catch (MediaRefusedException exception)
        {
            attachment.Refuse(exception.Message);
        }
        catch (MediaUnavailableException exception)
        {
            attachment.RecordFailedDownload(exception.Message, exception.MayRecover, clock.GetUtcNow());
        }

        await SaveAsync(media);
        if (attachment.NextAttemptAt is { } next) jobs.Schedule(request, next);
    }

    /// <summary>Of the alarms that ring for one file at the same time, one fetches it.</summary>
    private async Task<bool> TryClaimAsync(long attachmentId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return await db.MessageAttachments.Where(a => a.Id == attachmentId && a.NextAttemptAt <= now && a.Message.DeletedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.NextAttemptAt, now + MessageAttachment.Claim), cancellationToken) > 0;
    }

    private async Task<StoredMedia> DownloadAsync(MessageAttachment attachment, CancellationToken cancellationToken)
    {
        try
        {
            return await downloader.DownloadAsync(AddressOf(attachment), attachment.Type, cancellationToken);
        }
        catch (MediaUnavailableException exception) when (!exception.MayRecover && attachment.AddressRenewedAt is null)
        {
            if (!await TryRenewAddressAsync(attachment, cancellationToken)) throw;
        }

        return await downloader.DownloadAsync(AddressOf(attachment), attachment.Type, cancellationToken);
    }

    private static Uri AddressOf(MessageAttachment attachment) => Uri.TryCreate(attachment.SourceUrl, UriKind.Absolute, out var address)
        ? address
        : throw new MediaRefusedException("The address is not one.");

    /// <summary>An address that has expired may have a fresh one in Meta's copy of the message.</summary>
    private async Task<bool> TryRenewAddressAsync(MessageAttachment attachment, CancellationToken cancellationToken)
    {
        var connection = await db.Connections.SingleAsync(c => c.Id == attachment.Message.ConnectionId, cancellationToken);
        if (!connection.CanCallMeta || attachment.Message.ExternalId is not { } mid) return false;

        var all = await db.MessageAttachments.AsNoTracking()
            .Where(a => a.MessageId == attachment.MessageId).OrderBy(a => a.Id).ToListAsync(cancellationToken);
        try
        {
            var found = await metaMessages.GetMessageAsync(connection.PageId, connection.PageAccessToken!, mid, cancellationToken);
            var fresh = FreshAddress.Of(all, all.FindIndex(a => a.Id == attachment.Id), found.Attachments);
            var isNews = fresh is not null && fresh != attachment.SourceUrl;
            attachment.RenewAddress(fresh, clock.GetUtcNow());
            return isNews;
        }
        catch (GraphException exception) when (exception.Refusal.Class is RefusalClass.Transient or RefusalClass.Rate or RefusalClass.OutcomeUnknown)
        {
            throw new MediaUnavailableException(exception.Refusal.Title, mayRecover: true, exception);
        }
        catch (GraphException)
        {
            attachment.RenewAddress(null, clock.GetUtcNow());   // asked once, and once is enough
            return false;
        }
    }

    /// <summary>Erased or unsent meanwhile, its row is gone: then nobody will ever ask for the file.</summary>
    private async Task SaveAsync(StoredMedia? media)
    {
        var isSaved = false;
        try
        {
            await db.SaveChangesAsync(CancellationToken.None);
            isSaved = true;
        }
        finally
        {
            if (!isSaved && media is not null) store.Discard(media);
        }
    }
}

/// <summary>Sets the alarm when an attachment arrives.</summary>
internal sealed class DownloadAttachmentWhenReceived(IJobs jobs) : INotificationHandler<Happened<AttachmentReceived>>
{
    public Task Handle(Happened<AttachmentReceived> notification, CancellationToken cancellationToken)
    {
        jobs.Enqueue(new DownloadAttachment(notification.Event.Attachment.Id));
        return Task.CompletedTask;
    }
}
