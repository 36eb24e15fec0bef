namespace MetaMessaging.Application.Inbound;

internal sealed class AvatarMedia(IAppDbContext db) : IMediaReferences
{
    public IEnumerable<IQueryable<MediaReference>> Columns =>
        [db.Contacts.Select(c => new MediaReference { Key = c.AvatarKey, ContactId = c.Id, MessageId = null })];
}
