namespace MetaMessaging.Application.Contacts;

/// <summary>Erases a person everywhere, stored deliveries included; the contact goes last, so that a failed run can be repeated.</summary>
public sealed record EraseContact(long Id) : IRequest, IRepeatable;

internal sealed class EraseContactHandler(
    IAppDbContext db, AuditLog audit, IMediaStore media, IEnumerable<IMediaReferences> references)
    : AsyncRequestHandler<EraseContact>
{
    /// <summary>Searched within 50 ms.</summary>
    private const int MaxDeliveriesInTransaction = 1_000;

    protected override async Task Handle(EraseContact request, CancellationToken cancellationToken)
    {
        var contact = await db.Contacts.Include(c => c.Facebook).Include(c => c.Instagram)
            .SingleOrDefaultAsync(c => c.Id == request.Id, cancellationToken)
            ?? throw new NotFoundException("contact_not_found");
        var conversationIds = await ConversationsOf(contact).Select(c => c.Id).ToListAsync(cancellationToken);

        // Most of the work is done before the transaction, which makes other writers wait. The transaction then handles what has
        // arrived meanwhile.
        var lastId = await RedactStoredDeliveriesAsync(contact, cancellationToken);
        await media.DeleteAsync(await FindFilesAsync(contact, cancellationToken), cancellationToken);

        var newFiles = new List<string>();
        contact.Erase(conversationIds);
        await db.SaveChangesAsync(async token =>
        {
            // A transaction that adds a conversation or a message waits until the contact is gone, fails, and is repeated with a new
            // contact.
            if (await db.Contacts.Where(c => c.Id == contact.Id).LockAsync(token) == 0) throw new NotFoundException("contact_not_found");
            await db.EnsureSameIdsAsync(contact, token);   // deliveries with others were not redacted
            await ConversationsOf(contact).LockAsync(token);
            // A download that saves its file later finds no row, and the file never gets its key.
            await AttachmentsOf(contact).Where(a => a.State == AttachmentState.Pending).LockAsync(token);

            await RedactDeliveriesAsync(contact, after: lastId, token);
            newFiles.AddRange(await FindFilesAsync(contact, token));
            await DeleteRowsAsync(contact, token);
            audit.Record(AuditActions.ContactErased, AuditTarget.Of(contact));
            await db.SaveChangesAsync(token);
        }, cancellationToken);
        await media.DeleteAsync(newFiles, CancellationToken.None);
        await db.PurgeWriteAheadLogAsync(CancellationToken.None);
    }

    private IQueryable<Conversation> ConversationsOf(Contact contact) => db.Conversations.Where(c => c.ContactId == contact.Id);

    private IQueryable<Message> MessagesOf(Contact contact) => db.Messages.Where(m => m.Conversation.ContactId == contact.Id);

    private IQueryable<MessageAttachment> AttachmentsOf(Contact contact) =>
        db.MessageAttachments.Where(a => a.Message.Conversation.ContactId == contact.Id);

    private static HashSet<string> IdsOf(Contact contact) =>
        [.. contact.Facebook.Select(f => f.Psid), .. contact.Instagram.Select(i => i.Igsid)];

    /// <summary>Repeats until few deliveries are left that arrived meanwhile: searching a million takes a minute.</summary>
    /// <returns>The id of the last delivery that was searched.</returns>
    private async Task<long> RedactStoredDeliveriesAsync(Contact contact, CancellationToken cancellationToken)
    {
        var searched = 0L;
        while (true)
        {
            var newest = await db.WebhookDeliveries.MaxAsync(d => (long?)d.Id, cancellationToken) ?? 0;
            if (newest - searched <= MaxDeliveriesInTransaction) return searched;
            await RedactDeliveriesAsync(contact, after: searched, cancellationToken);
            searched = newest;
        }
    }

    private async Task RedactDeliveriesAsync(Contact contact, long after, CancellationToken cancellationToken)
    {
        var mids = await MessagesOf(contact).Where(m => m.ExternalId != null).Select(m => m.ExternalId!).ToHashSetAsync(cancellationToken);
        var redaction = new PersonRedaction(IdsOf(contact), mids);
        await foreach (var ids in db.WebhookDeliveries.IdRangesAsync(after, cancellationToken))
        {
            // Deliveries from a time when the Page belonged to another organization are left out.
            var found = await db.WebhookDeliveries.AsNoTracking()
                .Where(d => d.Id > ids.After && d.Id <= ids.UpTo
                    && (d.OrganizationId == null || d.OrganizationId == contact.OrganizationId))
                .WithAnyText(redaction.SearchTexts)
                .ToListAsync(cancellationToken);
            foreach (var delivery in found)
            {
                if (redaction.Redact(delivery.Payload) is not { } redacted) continue;

                delivery.Erase(redacted, redaction.Ids, redaction.Mids);
                await db.WebhookDeliveries.Where(d => d.Id == delivery.Id).ExecuteUpdateAsync(
                    set => set.SetProperty(d => d.Payload, delivery.Payload).SetProperty(d => d.Outcomes, delivery.Outcomes),
                    cancellationToken);
            }
        }
    }

    /// <summary>Runs before the rows are deleted, because only they say which files there are.</summary>
    private async Task<List<string>> FindFilesAsync(Contact contact, CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        foreach (var column in references.SelectMany(r => r.Columns))
        {
            keys.AddRange(await column.Where(r => r.ContactId == contact.Id && r.Key != null)
                .Select(r => r.Key!)
                .ToListAsync(cancellationToken));
        }

        return keys;
    }

    /// <summary>Foreign keys delete what belongs to a conversation together with it, and ids together with their contact.</summary>
    private async Task DeleteRowsAsync(Contact contact, CancellationToken cancellationToken)
    {
        var ids = IdsOf(contact);
        await db.ParkedEvents
            .Where(p => ids.Contains(p.CustomerId!)
                || MessagesOf(contact).Any(m => m.ConnectionId == p.ConnectionId && m.ExternalId == p.Mid))
            .ExecuteDeleteAsync(cancellationToken);
        var sendIds = MessagesOf(contact).Where(m => m.SendId != null).Select(m => m.SendId);
        await db.IdempotencyKeys.Where(k => sendIds.Contains(k.SendId)).ExecuteDeleteAsync(cancellationToken);
        await db.SubtractAsync(MessagesOf(contact), cancellationToken);
        await db.SubtractAsync(ConversationsOf(contact), cancellationToken);
        await db.SubtractAsync(db.Contacts.Where(c => c.Id == contact.Id), cancellationToken);
        await ConversationsOf(contact).ExecuteDeleteAsync(cancellationToken);
        await db.Contacts.Where(c => c.Id == contact.Id).ExecuteDeleteAsync(cancellationToken);
    }
}
