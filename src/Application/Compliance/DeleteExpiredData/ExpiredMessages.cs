namespace MetaMessaging.Application.Compliance;

/// <summary>
/// Deletes old messages with all that belongs to them. Their conversation stays, without a preview when it is empty, so that its id,
/// status and assignee are still there when the customer writes again.
/// </summary>
internal sealed class ExpiredMessages(IAppDbContext db, ChunkedDeletion deletion, IMediaStore media) : IScopedService
{
    public async Task DeleteAsync(long organizationId, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var (deleted, late) = (new HashSet<string>(), new List<string>());
        await deletion.DeleteAsync(
            db.Messages.Expired(organizationId, before),
            async (ids, token) =>
            {
                var conversationIds = await db.Messages.Where(m => ids.Contains(m.Id)).Select(m => m.ConversationId).Distinct()
                    .ToListAsync(token);
                var conversations = db.Conversations.Where(c => conversationIds.Contains(c.Id));
                await conversations.LockAsync(token);   // the inbound worker counts and dates them
                late.AddRange((await FindFilesAsync(ids, token)).Where(key => !deleted.Contains(key)));   // downloaded meanwhile
                await db.SubtractAsync(conversations, token);
                await db.SubtractAsync(db.Messages.Where(m => ids.Contains(m.Id)), token);
                await MarkSeenAsync(ids, token);
                await db.Messages.Where(m => ids.Contains(m.Id)).ExecuteDeleteAsync(token);
                await conversations.Where(c => !db.Messages.Any(m => m.ConversationId == c.Id)).ExecuteUpdateAsync(
                    set => set.SetProperty(c => c.LastMessagePreview, (string?)null).SetProperty(c => c.SeenCount, c => c.InboundCount),
                    token);
                await UpdateWaitsAsync(conversations.Where(c => c.WaitingSince < before), token);
                await db.AddAsync(conversations, token);
                deleted.Clear();
            },
            cancellationToken,
            prepare: async ids =>   // before the rows: only they say which files there are
            {
                deleted.UnionWith(await FindFilesAsync(ids, cancellationToken));
                await media.DeleteAsync([.. deleted, .. late], cancellationToken);
                late.Clear();
            });
        if (late.Count > 0) await media.DeleteAsync(late, cancellationToken);
    }

    private async Task<List<string>> FindFilesAsync(List<long> messageIds, CancellationToken cancellationToken)
    {
        var keys = await db.MessageAttachments.Where(a => messageIds.Contains(a.MessageId!.Value) && a.StorageKey != null)
            .Select(a => new { a.StorageKey, a.ThumbnailKey }).ToListAsync(cancellationToken);
        return [.. keys.SelectMany(k => new[] { k.StorageKey, k.ThumbnailKey }).OfType<string>()];
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

    /// <summary>The customer waits since the first unanswered message that is left. An answer keeps the wait that it ended.</summary>
    private async Task UpdateWaitsAsync(IQueryable<Conversation> conversations, CancellationToken cancellationToken)
    {
        foreach (var (id, since) in await conversations.Select(c => ValueTuple.Create(c.Id, c.WaitingSince)).ToListAsync(cancellationToken))
        {
            var first = await db.Messages
                .Where(m => m.ConversationId == id && m.OccurredAt >= since && m.Direction == MessageDirection.Inbound)
                .OrderBy(m => m.OccurredAt).Select(m => (DateTimeOffset?)m.OccurredAt).FirstOrDefaultAsync(cancellationToken);
            await db.Conversations.Where(c => c.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.WaitingSince, first), cancellationToken);
        }
    }
}
