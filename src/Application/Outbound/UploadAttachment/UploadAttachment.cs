namespace MetaMessaging.Application.Outbound;

/// <summary>Stores a file that is to be sent. If it is not sent, a job deletes it after a day.</summary>
/// <param name="ContentType">As the client states it; the actual type is detected from the content.</param>
[NotAudited("The message that is sent with the file shows its sender.")]
public sealed record UploadAttachment(Stream? File, string? FileName, string? ContentType) : IRequest<UploadedAttachment>
{
    public const string FileMissing = "Send the file as the field \"file\" of a multipart/form-data body.";
}

public sealed record UploadedAttachment(long Id, string ContentType, long Size, string FileName);

internal sealed class UploadAttachmentValidator : AbstractValidator<UploadAttachment>
{
    public UploadAttachmentValidator() =>
        RuleFor(u => u.File).NotNull().WithMessage(UploadAttachment.FileMissing);
}

internal sealed class UploadAttachmentHandler(
    IAppDbContext db, IMediaUploads uploads, OrganizationScope scope, TimeProvider clock)
    : IRequestHandler<UploadAttachment, UploadedAttachment>
{
    public async Task<UploadedAttachment> Handle(UploadAttachment request, CancellationToken cancellationToken)
    {
        await using var media = await StoreAsync(request, cancellationToken);
        var attachment = MessageAttachment.Upload(scope.OrganizationId!.Value, media.Media, clock.GetUtcNow());
        db.MessageAttachments.Add(attachment);
        await db.SaveChangesAsync([media], cancellationToken);
        return attachment.Adapt<UploadedAttachment>();
    }

    private async Task<IUnsavedMedia> StoreAsync(UploadAttachment request, CancellationToken cancellationToken)
    {
        try
        {
            return await uploads.StoreAsync(
                request.File!, request.FileName, request.ContentType, MessagingLimits.MaxFileBytes, cancellationToken);
        }
        catch (MediaUnavailableException exception)
        {
            throw new DomainException("upload_incomplete", $"{exception.Message} Send it again.");
        }
    }
}
