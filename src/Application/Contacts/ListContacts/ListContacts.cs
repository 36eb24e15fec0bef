namespace MetaMessaging.Application.Contacts;

/// <summary>Lists contacts, the newest first.</summary>
/// <param name="Q">Words or parts of words of the name, an Instagram user name, or a PSID or IGSID.</param>
public sealed record ListContacts(string? Q = null, int? Limit = null, string? Cursor = null) : IRequest<Page<ContactModel>>, IPaged;

internal sealed class ListContactsValidator : AbstractValidator<ListContacts>
{
    public ListContactsValidator()
    {
        Include(new PagedValidator());
        RuleFor(l => l.Q).MaximumLength(SearchQuery.MaxLength).WithName("Search");
    }
}

internal sealed class ListContactsHandler(IAppDbContext db, SearchReader search, OrganizationScope scope)
    : IRequestHandler<ListContacts, Page<ContactModel>>
{
    public async Task<Page<ContactModel>> Handle(ListContacts request, CancellationToken cancellationToken)
    {
        IQueryable<Contact> contacts = db.Contacts.AsNoTracking().Include(c => c.Facebook).Include(c => c.Instagram);
        if (string.IsNullOrEmpty(request.Q)) contacts = contacts.OfOrganization(scope);
        else
        {
            var found = (await search.FindContactsAsync(SearchQuery.Parse(request.Q), cancellationToken)).Keys.ToList();
            contacts = contacts.Where(c => found.Contains(c.Id));
        }

        var page = await contacts.ToPageAsync(request, contact => contact.CreatedAt, cancellationToken);
        var ids = page.Items.Select(c => c.Id).ToList();
        var conversations = await db.Conversations.Where(c => ids.Contains(c.ContactId))
            .Select(c => new { c.ContactId, Item = new ContactConversation(c.Id, c.Channel, c.LastMessageAt) })
            .ToListAsync(cancellationToken);
        var byContact = conversations.ToLookup(c => c.ContactId, c => c.Item);
        return page.Select(c => ContactModel.Of(c, byContact[c.Id]));
    }
}
