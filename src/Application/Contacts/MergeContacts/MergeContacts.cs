namespace MetaMessaging.Application.Contacts;

/// <summary>Merges two contacts of the same person: the other's ids and conversations move to this one, and the other is deleted.</summary>
public sealed record MergeContacts(long Id, long OtherContactId) : IRequest<ContactModel>, IRepeatable;

internal sealed class MergeContactsValidator : AbstractValidator<MergeContacts>
{
    public MergeContactsValidator() => RuleFor(m => m.OtherContactId).GreaterThan(0);
}

internal sealed class MergeContactsHandler(IAppDbContext db, AuditLog audit, IMediaStore media)
    : IRequestHandler<MergeContacts, ContactModel>
{
    public async Task<ContactModel> Handle(MergeContacts request, CancellationToken cancellationToken)
    {
        var (id, otherId) = request;
        var contact = await db.Contacts.SingleOrDefaultAsync(c => c.Id == id, cancellationToken)
            ?? throw new NotFoundException("contact_not_found");
        var other = await db.Contacts.SingleOrDefaultAsync(c => c.Id == otherId, cancellationToken)
            ?? throw new NotFoundException("contact_not_found");

        var unusedAvatarKey = contact.MergeFrom(other);
        await db.SaveChangesAsync(async token =>
        {
            // A transaction that adds a conversation to one of them waits. One that was committed before has its conversation moved below.
            var locked = await db.Contacts.Where(c => c.Id == id || c.Id == otherId).LockAsync(token);
            if (locked < 2) throw new NotFoundException("contact_not_found");

            // The other's picture may have arrived since its row was read.
            var late = await db.Contacts.Where(c => c.Id == otherId)
                .Select(c => new { c.AvatarKey, c.AvatarContentType }).SingleAsync(token);
            if (late.AvatarKey != other.AvatarKey && contact.AvatarKey == other.AvatarKey)
            {
                await db.Contacts.Where(c => c.Id == id).ExecuteUpdateAsync(
                    set => set.SetProperty(c => c.AvatarKey, late.AvatarKey).SetProperty(c => c.AvatarContentType, late.AvatarContentType),
                    token);
            }
            else if (contact.AvatarKey != other.AvatarKey)
            {
                unusedAvatarKey = late.AvatarKey;
            }

            await db.FacebookIdentities.Where(i => i.ContactId == otherId)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.ContactId, id), token);
            await db.InstagramIdentities.Where(i => i.ContactId == otherId)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.ContactId, id), token);
            await db.Conversations.Where(c => c.ContactId == otherId)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.ContactId, id), token);
            await db.SubtractAsync(db.Contacts.Where(c => c.Id == otherId), token);
            await db.Contacts.Where(c => c.Id == otherId).ExecuteDeleteAsync(token);
            audit.Record(AuditActions.ContactMerged, AuditTarget.Of(contact), new AuditChange("mergedContactId", null, otherId));
            await db.SaveChangesAsync(token);
        }, cancellationToken);

        if (unusedAvatarKey is not null) await media.DeleteAsync([unusedAvatarKey], CancellationToken.None);
        return await db.GetContactModelAsync(id, cancellationToken);
    }
}
