using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Conversations;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Inbound;

/// <summary>Copies an attachment here, because Meta's addresses expire (platform reference 7.2). The message never depends on it.</summary>
public sealed record DownloadAttachment(long AttachmentId) : IJob;

internal sealed class DownloadAttachmentHandler(IAppDbContext db, IMediaDownloader downloader, IJobs jobs, TimeProvider clock)
    : AsyncRequestHandler<DownloadAttachment>
{
    protected override async Task Handle(DownloadAttachment request, CancellationToken cancellationToken)
    {
        var attachment = await db.MessageAttachments.Include(a => a.Message)
            .SingleOrDefaultAsync(a => a.Id == request.AttachmentId, cancellationToken);
        if (attachment?.NextAttemptAt is not { } dueAt || dueAt > clock.GetUtcNow()) return;

        try
        {
            if (!Uri.TryCreate(attachment.SourceUrl, UriKind.Absolute, out var address)) attachment.Refuse("The address is not one.");
            else attachment.Store(await downloader.DownloadAsync(address, attachment.Type, cancellationToken));
        }
        catch (MediaRefusedException refused)
        {
            attachment.Refuse(refused.Message);
        }
        catch (MediaUnavailableException failed)
        {
            attachment.NoteFailedDownload(failed.Message, failed.MayRecover, clock.GetUtcNow());
        }

        await db.SaveChangesAsync(CancellationToken.None);
        if (attachment.NextAttemptAt is { } next) jobs.Schedule(request, next);
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
