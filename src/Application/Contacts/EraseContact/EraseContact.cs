using System.Text;
using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Contacts;
using MetaMessaging.Domain.Inbound;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Contacts;

/// <summary>
/// Erases a person: ids, conversations, messages, reactions, files, and what stored deliveries hold of them. Whatever breaks off
/// in between, the contact is still there to be erased again; when it is gone, everything is.
/// </summary>
public sealed record EraseContact(long Id) : IRequest;

internal sealed class EraseContactHandler(IAppDbContext db, IMediaStore media) : AsyncRequestHandler<EraseContact>
{
    private const int ChunkSize = 50;

    protected override async Task Handle(EraseContact request, CancellationToken cancellationToken)
    {
        var contact = await db.Contacts.Include(c => c.Facebook).Include(c => c.Instagram).SingleOrDefaultAsync(c => c.Id == request.Id, cancellationToken)
            ?? throw new NotFoundException("contact_not_found");
        var conversationIds = await ConversationsOf(contact).Select(c => c.Id).ToListAsync(cancellationToken);

        // Most of it before the transaction, in which everybody else's writes wait; in it, what has come meanwhile.
        var upTo = await db.WebhookDeliveries.MaxAsync(d => (long?)d.Id, cancellationToken) ?? 0;
        await RedactDeliveriesAsync(contact, after: 0, cancellationToken);
        await DeleteFilesAsync(contact, cancellationToken);

        contact.Erase(conversationIds);
        await db.SaveChangesAsync(async stop =>
        {
            // Whoever adds a conversation or a message waits from here on, finds nobody then, and begins anew.
            var found = await db.Contacts.Where(c => c.Id == contact.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.ProfileAttempts, c => c.ProfileAttempts), stop);
            if (found == 0) throw new NotFoundException("contact_not_found");
            await EnsureSameIdsAsync(contact, stop);
            await ConversationsOf(contact).ExecuteUpdateAsync(set => set.SetProperty(c => c.SeenCount, c => c.SeenCount), stop);

            await RedactDeliveriesAsync(contact, upTo, stop);
            await DeleteFilesAsync(contact, stop);
            await DeleteRowsAsync(contact, stop);
        }, cancellationToken);
        await db.ScrubAsync(CancellationToken.None);
    }

    private IQueryable<Domain.Conversations.Conversation> ConversationsOf(Contact contact) => db.Conversations.Where(c => c.ContactId == contact.Id);

    private IQueryable<Domain.Conversations.Message> MessagesOf(Contact contact) => db.Messages.Where(m => m.Conversation.ContactId == contact.Id);

    private static HashSet<string> IdsOf(Contact contact) => [.. contact.Facebook.Select(f => f.Psid), .. contact.Instagram.Select(i => i.Igsid)];

    /// <summary>Another contact may have been merged into this one meanwhile: its ids were not looked for.</summary>
    private async Task EnsureSameIdsAsync(Contact contact, CancellationToken cancellationToken)
    {
        var ids = await db.FacebookIdentities.CountAsync(i => i.ContactId == contact.Id, cancellationToken)
            + await db.InstagramIdentities.CountAsync(i => i.ContactId == contact.Id, cancellationToken);
        if (ids != contact.Facebook.Count + contact.Instagram.Count)
            throw new ConflictException("changed_meanwhile", "Somebody else changed this contact at the same time. Look again and repeat.");
    }

    private async Task RedactDeliveriesAsync(Contact contact, long after, CancellationToken cancellationToken)
    {
        var mids = await MessagesOf(contact).Where(m => m.ExternalId != null).Select(m => m.ExternalId!).ToHashSetAsync(cancellationToken);
        var person = new PersonRedaction(IdsOf(contact), mids);
        foreach (var text in person.WhereToLook) await RedactDeliveriesAsync(contact.OrganizationId, person, text, after, cancellationToken);
    }

    /// <summary>Where the same Page has belonged to another organization, its deliveries of that time are not ours to change.</summary>
    private async Task RedactDeliveriesAsync(long organizationId, PersonRedaction person, string text, long after, CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        List<WebhookDelivery> some;
        do
        {
            some = await db.WebhookDeliveries.AsNoTracking()
                .Where(d => d.Id > after && (d.OrganizationId == null || d.OrganizationId == organizationId) && PayloadSearch.Position(d.Payload, bytes) > 0)
                .OrderBy(d => d.Id).Take(ChunkSize).ToListAsync(cancellationToken);
            foreach (var delivery in some)
            {
                after = delivery.Id;
                if (person.TakenOutOf(delivery.Payload) is not { } redacted) continue;

                delivery.Erase(redacted, person.Ids, person.Mids);
                await db.WebhookDeliveries.Where(d => d.Id == delivery.Id).ExecuteUpdateAsync(
                    set => set.SetProperty(d => d.Payload, delivery.Payload).SetProperty(d => d.Outcomes, delivery.Outcomes), cancellationToken);
            }
        }
        while (some.Count == ChunkSize);
    }

    /// <summary>Before their rows: a file that no row names would be found by nobody.</summary>
    private async Task DeleteFilesAsync(Contact contact, CancellationToken cancellationToken)
    {
        var files = await MessagesOf(contact).SelectMany(m => m.Attachments).Where(a => a.StorageKey != null)
            .Select(a => new { a.StorageKey, a.ThumbnailKey }).ToListAsync(cancellationToken);
        var avatar = await db.Contacts.Where(c => c.Id == contact.Id).Select(c => c.AvatarKey).SingleOrDefaultAsync(cancellationToken);
        foreach (var key in files.SelectMany(f => new[] { f.StorageKey, f.ThumbnailKey }).Append(avatar).OfType<string>()) media.Delete(key);
    }

    /// <summary>Messages, attachments, reactions and the timeline go with their conversations, ids with their contact.</summary>
    private async Task DeleteRowsAsync(Contact contact, CancellationToken cancellationToken)
    {
        var ids = IdsOf(contact);
        await db.ParkedEvents
            .Where(p => ids.Contains(p.CustomerId!) || MessagesOf(contact).Any(m => m.ConnectionId == p.ConnectionId && m.ExternalId == p.Mid))
            .ExecuteDeleteAsync(cancellationToken);
        await db.IdempotencyKeys.Where(k => MessagesOf(contact).Any(m => m.SendId == k.SendId)).ExecuteDeleteAsync(cancellationToken);
        await ConversationsOf(contact).ExecuteDeleteAsync(cancellationToken);
        await db.Contacts.Where(c => c.Id == contact.Id).ExecuteDeleteAsync(cancellationToken);
    }
}
