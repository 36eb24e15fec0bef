namespace MetaMessaging.Application.Contacts;

internal static class ContactQueries
{
    public static async Task<ContactModel> GetContactModelAsync(this IAppDbContext db, long id, CancellationToken cancellationToken)
    {
        var contact = await db.Contacts.AsNoTracking().Include(c => c.Facebook).Include(c => c.Instagram)
            .SingleOrDefaultAsync(c => c.Id == id, cancellationToken)
            ?? throw new NotFoundException("contact_not_found");
        var conversations = await db.Conversations.Where(c => c.ContactId == contact.Id)
            .OrderByDescending(c => c.LastMessageAt)
            .Select(c => new ContactConversation(c.Id, c.Channel, c.LastMessageAt))
            .ToListAsync(cancellationToken);
        return ContactModel.Of(contact, conversations);
    }

    /// <summary>Another contact may have been merged into this one meanwhile, or an id of it split off.</summary>
    public static async Task EnsureSameIdsAsync(this IAppDbContext db, Contact contact, CancellationToken cancellationToken)
    {
        var ids = await db.FacebookIdentities.CountAsync(i => i.ContactId == contact.Id, cancellationToken)
            + await db.InstagramIdentities.CountAsync(i => i.ContactId == contact.Id, cancellationToken);
        if (ids != contact.Facebook.Count + contact.Instagram.Count)
            throw new ConflictException("changed_meanwhile", "Somebody else changed this contact at the same time. Reload and try again.");
    }
}
