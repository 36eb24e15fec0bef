using MediatR;
using MetaMessaging.Application.Common;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Contacts;

/// <summary>One person, with the ids that Meta knows them by.</summary>
public sealed record GetContact(long Id) : IRequest<ContactModel>;

internal sealed class GetContactHandler(IAppDbContext db) : IRequestHandler<GetContact, ContactModel>
{
    public async Task<ContactModel> Handle(GetContact request, CancellationToken cancellationToken)
    {
        var contact = await db.Contacts.AsNoTracking().Include(c => c.Facebook).Include(c => c.Instagram)
            .SingleOrDefaultAsync(c => c.Id == request.Id, cancellationToken)
            ?? throw new NotFoundException("contact_not_found");
        var conversations = await db.Conversations.Where(c => c.ContactId == contact.Id)
            .OrderByDescending(c => c.LastMessageAt)
            .Select(c => new ContactConversation(c.Id, c.Channel, c.LastMessageAt))
            .ToListAsync(cancellationToken);
        return ContactModel.Of(contact, conversations);
    }
}
