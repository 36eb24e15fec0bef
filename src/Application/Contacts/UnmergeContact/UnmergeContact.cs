namespace MetaMessaging.Application.Contacts;

/// <summary>Makes a contact of its own of one of a contact's ids, with the conversations that came with it.</summary>
/// <param name="IdentityId">The model's id of the identity; the PSID or IGSID itself names it, too.</param>
public sealed record UnmergeContact(long Id, long IdentityId) : IRequest<ContactModel>, IRepeatable;

internal sealed class UnmergeContactValidator : AbstractValidator<UnmergeContact>
{
    public UnmergeContactValidator() => RuleFor(u => u.IdentityId).GreaterThan(0);
}

internal sealed class UnmergeContactHandler(IAppDbContext db, AuditLog audit, TimeProvider clock)
    : IRequestHandler<UnmergeContact, ContactModel>
{
    public async Task<ContactModel> Handle(UnmergeContact request, CancellationToken cancellationToken)
    {
        var contact = await db.Contacts.Include(c => c.Facebook).Include(c => c.Instagram)
            .SingleOrDefaultAsync(c => c.Id == request.Id, cancellationToken)
            ?? throw new NotFoundException("contact_not_found");
        var metaId = request.IdentityId.ToString(CultureInfo.InvariantCulture);
        var facebook = contact.Facebook.FirstOrDefault(i => i.Number == request.IdentityId || i.Psid == metaId);
        var instagram = contact.Instagram.FirstOrDefault(i => i.Number == request.IdentityId || i.Igsid == metaId);
        var (channel, scopedId) = (facebook, instagram) switch
        {
            ({ } identity, _) => (Channel.FacebookMessenger, identity.Psid),
            (_, { } identity) => (Channel.InstagramDm, identity.Igsid),
            _ => throw new NotFoundException("identity_not_found"),
        };

        var other = contact.SplitOff(channel, scopedId, clock.GetUtcNow());
        db.Contacts.Add(other);
        await db.SaveChangesAsync(async token =>
        {
            // A merge, an erasure or another split of this contact waits, and then sees that the ids are not what they were.
            if (await db.Contacts.Where(c => c.Id == contact.Id).LockAsync(token) == 0) throw new NotFoundException("contact_not_found");
            await db.EnsureSameIdsAsync(contact, token);

            await MoveAsync(facebook, instagram, other, token);
            await db.Conversations
                .Where(c => c.ContactId == contact.Id && c.Channel == channel && c.ScopedUserId == scopedId
                    && (facebook == null || c.Connection.PageId == facebook.PageId))
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.ContactId, other.Id), token);
            audit.Record(AuditActions.ContactUnmerged, AuditTarget.Of(contact), new AuditChange("newContactId", null, other.Id));
            await db.SaveChangesAsync(token);
        }, cancellationToken);
        return await db.GetContactModelAsync(other.Id, cancellationToken);
    }

    private Task<int> MoveAsync(FacebookIdentity? facebook, InstagramIdentity? instagram, Contact other, CancellationToken token) =>
        facebook is not null
            ? db.FacebookIdentities.Where(i => i.Id == facebook.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.ContactId, other.Id), token)
            : db.InstagramIdentities.Where(i => i.Id == instagram!.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.ContactId, other.Id), token);
}
