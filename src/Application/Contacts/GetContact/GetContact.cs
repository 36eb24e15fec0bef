namespace MetaMessaging.Application.Contacts;

/// <summary>Gets a contact with its Messenger and Instagram ids and its conversations.</summary>
public sealed record GetContact(long Id) : IRequest<ContactModel>;

internal sealed class GetContactHandler(IAppDbContext db) : IRequestHandler<GetContact, ContactModel>
{
    public Task<ContactModel> Handle(GetContact request, CancellationToken cancellationToken) =>
        db.GetContactModelAsync(request.Id, cancellationToken);
}
