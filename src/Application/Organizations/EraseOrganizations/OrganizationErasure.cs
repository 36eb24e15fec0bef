using System.Linq.Expressions;
using MetaMessaging.Application.Connections;
using MetaMessaging.Domain.Figures;

namespace MetaMessaging.Application.Organizations;

/// <summary>The steps of <see cref="EraseOrganizations"/>, in their order. Each may be repeated.</summary>
internal sealed class OrganizationErasure(
    IAppDbContext db, ChunkedDeletion deletion, IMediaStore media, IEnumerable<IMediaReferences> references,
    PageSubscription subscription, TimeProvider clock)
    : IScopedService
{
    /// <summary>A slot has a few rows of each kind, so a transaction deletes some thousand.</summary>
    private const int SlotsPerChunk = 500;

    private DateTimeOffset auditDeletedBefore;

    /// <summary>The Pages first: their events are ignored from now on, so that nothing new comes.</summary>
    public async Task DisconnectAsync(long organizationId, CancellationToken cancellationToken)
    {
        var connections = await db.Connections.Where(c => c.OrganizationId == organizationId && c.State != ConnectionState.Disconnected)
            .ToListAsync(cancellationToken);
        foreach (var connection in connections)
        {
            var token = connection.PageAccessToken;
            connection.Disconnect();
            await db.SaveChangesAsync(cancellationToken);
            if (token is not null) await subscription.TryRemoveAsync(connection.PageId, token);
        }
    }

    /// <summary>The audit log refuses deletions unless the organization's row allows them.</summary>
    public Task AllowDeletionOfAuditAsync(long organizationId, CancellationToken cancellationToken)
    {
        auditDeletedBefore = clock.GetUtcNow();
        return db.Organizations.Where(o => o.Id == organizationId)
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.AuditDeletedBefore, auditDeletedBefore), cancellationToken);
    }

    /// <summary>Foreign keys delete what belongs to a message, a conversation or a contact together with it.</summary>
    /// <returns>Whether more may be left.</returns>
    public async Task<bool> EraseChunkAsync(long organizationId, CancellationToken cancellationToken) =>
        await DeleteChunkAsync(
            db.Messages.Where(m => m.OrganizationId == organizationId).OrderBy(m => m.OccurredAt), db.Messages, organizationId,
            cancellationToken, ids => DeleteFilesAsync(r => ids.Contains(r.MessageId), cancellationToken))
        || await DeleteChunkAsync(
            db.Conversations.Where(c => c.OrganizationId == organizationId).OrderBy(c => c.LastMessageAt), db.Conversations, organizationId,
            cancellationToken)
        || await DeleteChunkAsync(
            db.Contacts.Where(c => c.OrganizationId == organizationId).OrderBy(c => c.CreatedAt), db.Contacts, organizationId,
            cancellationToken, ids => DeleteFilesAsync(r => ids.Contains(r.ContactId), cancellationToken))
        || await DeleteChunkAsync(
            db.WebhookDeliveries.Where(d => d.OrganizationId == organizationId).OrderBy(d => d.Id), db.WebhookDeliveries, organizationId,
            cancellationToken)
        || await DeleteChunkAsync(
            db.IdempotencyKeys.Where(k => k.OrganizationId == organizationId).OrderBy(k => k.Caller).ThenBy(k => k.Key), db.IdempotencyKeys,
            organizationId, cancellationToken)
        || await DeleteChunkAsync(
            db.AuditEntries.Where(e => e.OrganizationId == organizationId && e.At < auditDeletedBefore).OrderBy(e => e.At), db.AuditEntries,
            organizationId, cancellationToken)
        || await DeleteRollupsAsync(db.MessageRollups.Where(r => r.OrganizationId == organizationId), cancellationToken)
        || await DeleteRollupsAsync(db.ResponseRollups.Where(r => r.OrganizationId == organizationId), cancellationToken);

    /// <summary>Deliveries that also hold other organizations' events, or none that was used, lose the events of its accounts.</summary>
    public async Task RedactSharedDeliveriesAsync(long organizationId, CancellationToken cancellationToken)
    {
        var pages = await db.Connections.Where(c => c.OrganizationId == organizationId)
            .Select(c => new { c.PageId, c.IgAccountId }).ToListAsync(cancellationToken);
        // A Page that has moved to another organization is that organization's now.
        var moved = await db.Connections.Where(c => c.OrganizationId != organizationId).Select(c => new { c.PageId, c.IgAccountId })
            .Where(c => pages.Select(p => p.PageId).Contains(c.PageId)).ToListAsync(cancellationToken);
        var accounts = pages.Where(p => !moved.Exists(m => m.PageId == p.PageId)).SelectMany(p => new[] { p.PageId, p.IgAccountId })
            .OfType<string>().ToHashSet();
        if (accounts.Count == 0) return;

        await foreach (var ids in db.WebhookDeliveries.IdRangesAsync(after: 0, cancellationToken))
        {
            var found = await db.WebhookDeliveries.AsNoTracking()
                .Where(d => d.Id > ids.After && d.Id <= ids.UpTo && d.OrganizationId == null)
                .WithAnyText(accounts)
                .ToListAsync(cancellationToken);
            foreach (var delivery in found)
            {
                if (AccountRedaction.Redact(delivery.Payload, accounts) is not { } redacted) continue;
                delivery.EraseAccounts(redacted, accounts);
                await db.WebhookDeliveries.Where(d => d.Id == delivery.Id).ExecuteUpdateAsync(
                    set => set.SetProperty(d => d.Payload, delivery.Payload).SetProperty(d => d.Outcomes, delivery.Outcomes),
                    cancellationToken);
            }
        }
    }

    /// <summary>What is few, and the organization's row, with which go the rows that refer to it: keys, members, invitations.</summary>
    public async Task EraseRestAsync(long organizationId, CancellationToken cancellationToken)
    {
        var uploads = db.MessageAttachments.Where(a => a.MessageId == null && a.OrganizationId == organizationId);
        var files = await uploads.Select(a => new { a.StorageKey, a.ThumbnailKey }).ToListAsync(cancellationToken);
        await media.DeleteAsync([.. files.SelectMany(f => new[] { f.StorageKey, f.ThumbnailKey }).OfType<string>()], cancellationToken);

        await db.SaveChangesAsync(async token =>
        {
            var organization = db.Organizations.Where(o => o.Id == organizationId);
            await organization.LockAsync(token);
            await uploads.ExecuteDeleteAsync(token);
            await db.IdempotencyKeys.Where(k => k.OrganizationId == organizationId).ExecuteDeleteAsync(token);
            await db.OAuthStates.Where(s => s.OrganizationId == organizationId).ExecuteDeleteAsync(token);
            await db.DeliveryReplays.Where(r => r.OrganizationId == organizationId).ExecuteDeleteAsync(token);
            await db.UserSessions.Where(s => s.OrganizationId == organizationId)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.OrganizationId, (long?)null), token);
            await db.SystemConfig.Where(c => c.OpenIdOrganizationId == organizationId)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.OpenIdOrganizationId, (long?)null), token);
            await db.ParkedEvents.Where(p => p.OrganizationId == organizationId).ExecuteDeleteAsync(token);
            await db.Connections.Where(c => c.OrganizationId == organizationId).ExecuteDeleteAsync(token);
            await db.ContactRollups.Where(r => r.OrganizationId == organizationId).ExecuteDeleteAsync(token);
            await db.Counters.Where(c => c.OrganizationId == organizationId).ExecuteDeleteAsync(token);
            var now = clock.GetUtcNow().AddSeconds(1);   // the audit log refuses deletions unless the organization's row allows them
            await organization.ExecuteUpdateAsync(set => set.SetProperty(o => o.AuditDeletedBefore, now), token);
            await db.AuditEntries.Where(e => e.OrganizationId == organizationId && e.At < now).ExecuteDeleteAsync(token);
            await organization.ExecuteDeleteAsync(token);
        }, cancellationToken);
    }

    /// <summary>Ranges of the primary key, each in a transaction, so that no row is read that stays.</summary>
    private async Task<bool> DeleteRollupsAsync<T>(IQueryable<T> ofOrganization, CancellationToken cancellationToken)
        where T : class, IMessageSlot
    {
        var began = clock.GetTimestamp();
        while (clock.GetElapsedTime(began) < ChunkedDeletion.TargetDuration)
        {
            var first = await ofOrganization.AsNoTracking()
                .OrderBy(r => r.ConnectionId).ThenBy(r => r.AgentId).ThenBy(r => r.SlotMinutes).ThenBy(r => r.Slot)
                .FirstOrDefaultAsync(cancellationToken);
            if (first is null) return false;
            var end = first.Slot + SlotsPerChunk;
            var range = ofOrganization.Where(r => r.ConnectionId == first.ConnectionId && r.AgentId == first.AgentId
                && r.SlotMinutes == first.SlotMinutes && r.Slot < end);
            await db.SaveChangesAsync(token => range.ExecuteDeleteAsync(token), cancellationToken);
        }

        return true;
    }

    /// <summary>Runs before the rows are deleted, because only they say which files there are.</summary>
    private async Task DeleteFilesAsync(Expression<Func<MediaReference, bool>> isOfChunk, CancellationToken cancellationToken)
    {
        foreach (var column in references.SelectMany(r => r.Columns))
        {
            var keys = await column.Where(isOfChunk).Where(r => r.Key != null).Select(r => r.Key!).ToListAsync(cancellationToken);
            await media.DeleteAsync(keys, cancellationToken);
        }
    }

    /// <summary>Locks the organization, because another run may have begun before this one has ended.</summary>
    private Task<bool> DeleteChunkAsync<T>(
        IQueryable<T> due, DbSet<T> all, long organizationId, CancellationToken cancellationToken,
        Func<List<long?>, Task>? deleteFiles = null) where T : Entity => deletion.DeleteChunkAsync(
        due,
        async (ids, token) =>
        {
            await db.Organizations.Where(o => o.Id == organizationId).LockAsync(token);
            await all.Where(row => ids.Contains(row.Id)).ExecuteDeleteAsync(token);
        },
        cancellationToken,
        ids => deleteFiles?.Invoke(ids.ConvertAll(id => (long?)id)) ?? Task.CompletedTask);
}
