using MetaMessaging.Application.Conversations;

namespace MetaMessaging.Application.Inbound;

/// <summary>Downloads an attachment again after its download was given up.</summary>
[NotAudited("The message itself shows its attachments.")]
public sealed record RetryDownload(long AttachmentId) : IRequest<MessageModel>;

internal sealed class RetryDownloadHandler(IAppDbContext db, IJobs jobs, TimeProvider clock) : IRequestHandler<RetryDownload, MessageModel>
{
    public async Task<MessageModel> Handle(RetryDownload request, CancellationToken cancellationToken)
    {
        var message = await db.Messages.Include(m => m.Attachments).Include(m => m.Reactions)
            .SingleOrDefaultAsync(
                m => m.DeletedAt == null && m.Attachments.Any(a => a.Id == request.AttachmentId), cancellationToken)
            ?? throw new NotFoundException("attachment_not_found");

        message.Attachments.Single(a => a.Id == request.AttachmentId).RetryDownload(clock.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);

        jobs.Enqueue(new DownloadAttachment(request.AttachmentId));
        return message.Adapt<MessageModel>();
    }
}
