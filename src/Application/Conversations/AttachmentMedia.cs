namespace MetaMessaging.Application.Conversations;

internal sealed class AttachmentMedia(IAppDbContext db) : IMediaReferences
{
    public IEnumerable<IQueryable<MediaReference>> Columns =>
    [
        db.MessageAttachments.Select(a => new MediaReference
        {
            Key = a.StorageKey,
            ContactId = a.Message.Conversation.ContactId,
            MessageId = a.MessageId,
        }),
        db.MessageAttachments.Select(a => new MediaReference
        {
            Key = a.ThumbnailKey,
            ContactId = a.Message.Conversation.ContactId,
            MessageId = a.MessageId,
        }),
    ];
}
