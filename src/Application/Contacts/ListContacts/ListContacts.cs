namespace MetaMessaging.Application.Contacts;

/// <summary>Lists contacts, the newest first.</summary>
/// <param name="Q">A part of the name, a PSID or IGSID, or an Instagram user name.</param>
public sealed record ListContacts(string? Q = null, int? Limit = null, string? Cursor = null) : IRequest<Page<ContactModel>>, IPaged;

internal sealed class ListContactsValidator : AbstractValidator<ListContacts>
{
    public ListContactsValidator()
    {
        Include(new PagedValidator());
        RuleFor(l => l.Q).MaximumLength(200).WithName("Search");
    }
}

internal sealed class ListContactsHandler(IAppDbContext db) : IRequestHandler<ListContacts, Page<ContactModel>>
{
    public async Task<Page<ContactModel>> Handle(ListContacts request, CancellationToken cancellationToken)
    {
        IQueryable<Contact> contacts = db.Contacts.AsNoTracking().Include(c => c.Facebook).Include(c => c.Instagram);
        if (request.Q is { Length: > 0 } q) contacts = contacts.Matching(q);

        var page = await contacts.ToPageAsync(request, contact => contact.CreatedAt, cancellationToken);
        var ids = page.Items.Select(c => c.Id).ToList();
        var conversations = await db.Conversations.Where(c => ids.Contains(c.ContactId))
            .Select(c => new { c.ContactId, Item = new ContactConversation(c.Id, c.Channel, c.LastMessageAt) })
            .ToListAsync(cancellationToken);
        var byContact = conversations.ToLookup(c => c.ContactId, c => c.Item);
        return page.Select(c => ContactModel.Of(c, byContact[c.Id]));
    }
}
