using FluentValidation;
using MediatR;
using MetaMessaging.Application.Common;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Contacts;

/// <summary>Two contacts are one person: the other's ids and conversations come to this one, and the other is gone.</summary>
public sealed record MergeContacts(long Id, long OtherContactId) : IRequest<ContactModel>;

internal sealed class MergeContactsValidator : AbstractValidator<MergeContacts>
{
    public MergeContactsValidator() => RuleFor(m => m.OtherContactId).GreaterThan(0);
}

internal sealed class MergeContactsHandler(IAppDbContext db, IMediaStore media) : IRequestHandler<MergeContacts, ContactModel>
{
    public async Task<ContactModel> Handle(MergeContacts request, CancellationToken cancellationToken)
    {
        var (id, otherId) = request;
        var contact = await db.Contacts.SingleOrDefaultAsync(c => c.Id == id, cancellationToken) ?? throw new NotFoundException("contact_not_found");
        var other = await db.Contacts.SingleOrDefaultAsync(c => c.Id == otherId, cancellationToken) ?? throw new NotFoundException("contact_not_found");

        var unneeded = contact.Absorb(other);
        await db.SaveChangesAsync(async stop =>
        {
            // Whoever adds a conversation to one of the two waits from here on, or is done and its row moves along.
            var both = await db.Contacts.Where(c => c.Id == id || c.Id == otherId)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.ProfileAttempts, c => c.ProfileAttempts), stop);
            if (both < 2) throw new NotFoundException("contact_not_found");

            await db.FacebookIdentities.Where(i => i.ContactId == otherId).ExecuteUpdateAsync(set => set.SetProperty(i => i.ContactId, id), stop);
            await db.InstagramIdentities.Where(i => i.ContactId == otherId).ExecuteUpdateAsync(set => set.SetProperty(i => i.ContactId, id), stop);
            await db.Conversations.Where(c => c.ContactId == otherId).ExecuteUpdateAsync(set => set.SetProperty(c => c.ContactId, id), stop);
            await db.Contacts.Where(c => c.Id == otherId).ExecuteDeleteAsync(stop);
        }, cancellationToken);

        if (unneeded is not null) media.Delete(unneeded);
        return await db.ContactAsync(id, cancellationToken);
    }
}
