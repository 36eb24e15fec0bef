namespace MetaMessaging.Application.Contacts;

/// <summary>Gives a contact a name of the agent's choice, which a profile from Meta no longer replaces.</summary>
public sealed record RenameContact(long Id, string? Name) : IRequest<ContactModel>;

internal sealed class RenameContactValidator : AbstractValidator<RenameContact>
{
    public RenameContactValidator() => RuleFor(r => r.Name).IsName(Contact.MaxNameLength);
}

internal sealed class RenameContactHandler(IAppDbContext db, AuditLog audit) : IRequestHandler<RenameContact, ContactModel>
{
    public async Task<ContactModel> Handle(RenameContact request, CancellationToken cancellationToken)
    {
        var contact = await db.Contacts.SingleOrDefaultAsync(c => c.Id == request.Id, cancellationToken)
            ?? throw new NotFoundException("contact_not_found");

        contact.Rename(request.Name!);
        audit.Record(AuditActions.ContactRenamed, AuditTarget.Of(contact), AuditChange.Hidden("name"));
        await db.SaveChangesAsync(cancellationToken);
        return await db.GetContactModelAsync(contact.Id, cancellationToken);
    }
}
