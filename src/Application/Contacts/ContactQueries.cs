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
}
