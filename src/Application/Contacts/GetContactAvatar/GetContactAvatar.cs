using MetaMessaging.Application.Conversations;

namespace MetaMessaging.Application.Contacts;

/// <summary>Opens a contact's picture. The caller disposes the stream.</summary>
public sealed record GetContactAvatar(long ContactId) : IRequest<MediaContent>;

internal sealed class GetContactAvatarHandler(IAppDbContext db, IMediaStore media) : IRequestHandler<GetContactAvatar, MediaContent>
{
    public async Task<MediaContent> Handle(GetContactAvatar request, CancellationToken cancellationToken)
    {
        var contact = await db.Contacts.AsNoTracking().SingleOrDefaultAsync(c => c.Id == request.ContactId, cancellationToken);
        if (contact?.AvatarKey is not { } key || await media.OpenReadAsync(key, cancellationToken) is not { } content)
            throw new NotFoundException("avatar_not_found");

        return new MediaContent(content, contact.AvatarContentType ?? "application/octet-stream", null);
    }
}
