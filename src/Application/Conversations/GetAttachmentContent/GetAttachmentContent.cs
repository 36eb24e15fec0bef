namespace MetaMessaging.Application.Conversations;

/// <summary>The bytes of a stored attachment. The caller disposes the stream.</summary>
/// <param name="Thumbnail">The thumbnail, where there is one.</param>
public sealed record GetAttachmentContent(long Id, bool Thumbnail = false) : IRequest<MediaContent>;

public sealed record MediaContent(Stream Content, string ContentType, string? FileName);

internal sealed class GetAttachmentContentHandler(IAppDbContext db, IMediaStore media) : IRequestHandler<GetAttachmentContent, MediaContent>
{
    public async Task<MediaContent> Handle(GetAttachmentContent request, CancellationToken cancellationToken)
    {
        var attachment = await db.MessageAttachments.AsNoTracking()
            .SingleOrDefaultAsync(a => a.Id == request.Id && a.Message.DeletedAt == null, cancellationToken);
        var key = request.Thumbnail ? attachment?.ThumbnailKey ?? attachment?.StorageKey : attachment?.StorageKey;
        if (key is null || await media.OpenReadAsync(key, cancellationToken) is not { } content)
            throw new NotFoundException("attachment_not_found");

        return new MediaContent(content, key == attachment!.ThumbnailKey ? "image/webp" : attachment.ContentType!, attachment.FileName);
    }
}
