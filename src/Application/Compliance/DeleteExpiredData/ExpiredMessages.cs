namespace MetaMessaging.Application.Compliance;

/// <summary>
/// Deletes old messages with all that belongs to them. Their conversation stays, without a preview when it is empty, so that its id,
/// status and assignee are still there when the customer writes again.
/// </summary>
internal sealed class ExpiredMessages(IAppDbContext db, IMediaStore media) : IScopedService
{
    /// <summary>Ten indexes lose a row for each message: a transaction of 200 took 50 to 200 ms on two busy cores.</summary>
    private const int ChunkSize = 100;

    /// <returns>Whether there may be more.</returns>
    public async Task<bool> DeleteAsync(long organizationId, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var chunk = await db.Messages.Expired(organizationId, before).Take(ChunkSize)
            .Select(m => new { m.Id, m.ConversationId }).ToListAsync(cancellationToken);
        if (chunk.Count == 0) return false;

        List<long> ids = [.. chunk.Select(m => m.Id)];
        List<long> conversationIds = [.. chunk.Select(m => m.ConversationId).Distinct()];
        var conversations = db.Conversations.Where(c => conversationIds.Contains(c.Id));
        var deleted = new HashSet<string>();
        await DeleteFilesAsync(ids, deleted, cancellationToken);   // before the rows, because only they say which files there are
        await db.SaveChangesAsync(async token =>
        {
            await conversations.LockAsync(token);   // the inbound worker counts and dates them
            await DeleteFilesAsync(ids, deleted, token);   // those that were downloaded meanwhile
            await MarkSeenAsync(ids, token);
            await db.Messages.Where(m => ids.Contains(m.Id)).ExecuteDeleteAsync(token);
            await conversations.Where(c => !db.Messages.Any(m => m.ConversationId == c.Id)).ExecuteUpdateAsync(
                set => set.SetProperty(c => c.LastMessagePreview, (string?)null).SetProperty(c => c.SeenCount, c => c.InboundCount), token);
        }, cancellationToken);
        return chunk.Count == ChunkSize;
    }

    private async Task DeleteFilesAsync(List<long> messageIds, HashSet<string> deleted, CancellationToken cancellationToken)
    {
        var keys = await db.MessageAttachments.Where(a => messageIds.Contains(a.MessageId!.Value) && a.StorageKey != null)
            .Select(a => new { a.StorageKey, a.ThumbnailKey }).ToListAsync(cancellationToken);
        foreach (var key in keys.SelectMany(k => new[] { k.StorageKey, k.ThumbnailKey }).OfType<string>().Where(deleted.Add))
            media.Delete(key);
    }

    /// <summary>A message that is gone is not unread. Of those that stay, the unsent ones are counted anew.</summary>
    private async Task MarkSeenAsync(List<long> messageIds, CancellationToken cancellationToken)
    {
        var unread = await db.Messages.Where(m => messageIds.Contains(m.Id) && m.InboundNumber > m.Conversation.SeenCount)
            .GroupBy(m => m.ConversationId)
            .Select(messages => new { ConversationId = messages.Key, UpTo = messages.Max(m => m.InboundNumber)!.Value })
            .ToListAsync(cancellationToken);
        foreach (var of in unread)
        {
            var withdrawn = await db.Messages.CountAsync(
                m => m.ConversationId == of.ConversationId && m.DeletedAt != null && m.InboundNumber > of.UpTo, cancellationToken)
                + await db.MessageReactions.CountAsync(
                    r => r.Message.ConversationId == of.ConversationId && r.Emoji == null && r.InboundNumber > of.UpTo, cancellationToken);
            await db.Conversations.Where(c => c.Id == of.ConversationId).ExecuteUpdateAsync(
                set => set.SetProperty(c => c.SeenCount, of.UpTo)
                    .SetProperty(c => c.WithdrawnAfter, of.UpTo).SetProperty(c => c.WithdrawnCount, withdrawn),
                cancellationToken);
        }
    }
}
