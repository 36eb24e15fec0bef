namespace MetaMessaging.Application.Dashboard;

/// <summary>
/// Finds what answers had been waited for where it was never written: in conversations from before the column. A time that is there stays,
/// because retention may have deleted the question.
/// </summary>
internal sealed class WaitingTimesRecount(IAppDbContext db) : IScopedService
{
    private const int ConversationsPerChunk = 200;

    /// <summary>A transaction of so many takes about 10 ms.</summary>
    private const int MessagesPerTransaction = 500;

    public async Task RunAsync(long organizationId, CancellationToken cancellationToken)
    {
        List<long> ids = [0];
        do
        {
            var after = ids[^1];
            ids = await db.Conversations.Where(c => c.OrganizationId == organizationId && c.Id > after)
                .OrderBy(c => c.Id).Select(c => c.Id).Take(ConversationsPerChunk).ToListAsync(cancellationToken);
            await RunAsync(ids, cancellationToken);
        }
        while (ids.Count == ConversationsPerChunk);
    }

    private async Task RunAsync(List<long> conversationIds, CancellationToken cancellationToken)
    {
        var missing = new Dictionary<long, DateTimeOffset>();
        var waiting = new Dictionary<long, DateTimeOffset>();
        var messages = db.Messages.Where(m => conversationIds.Contains(m.ConversationId))
            .OrderBy(m => m.ConversationId).ThenBy(m => m.OccurredAt)
            .ThenBy(m => m.Direction == MessageDirection.Outbound).ThenBy(m => m.Id)
            .Select(m => new { m.Id, m.ConversationId, m.OccurredAt, m.Direction, m.Status, m.WaitedSince }).AsAsyncEnumerable();
        await foreach (var message in messages.WithCancellation(cancellationToken))
        {
            if (message.Direction is MessageDirection.Inbound) waiting.TryAdd(message.ConversationId, message.OccurredAt);
            else if (message.Status is not MessageStatus.Failed && waiting.Remove(message.ConversationId, out var since))
            {
                if (message.WaitedSince is null) missing.Add(message.Id, since);
            }
        }

        foreach (var ids in missing.Keys.Chunk(MessagesPerTransaction)) await SaveAsync(ids, missing, cancellationToken);
        await SaveAsync(waiting, cancellationToken);
    }

    private async Task SaveAsync(long[] ids, Dictionary<long, DateTimeOffset> missing, CancellationToken cancellationToken)
    {
        var answers = await db.Messages.Where(m => ids.Contains(m.Id) && m.WaitedSince == null).ToListAsync(cancellationToken);
        foreach (var answer in answers) answer.RecordWait(missing[answer.Id]);
        await db.SaveChangesAsync(_ => Task.CompletedTask, cancellationToken);
        foreach (var answer in answers) db.Messages.Entry(answer).State = EntityState.Detached;
    }

    /// <summary>A message that came meanwhile has set it, or ended the wait.</summary>
    private async Task SaveAsync(Dictionary<long, DateTimeOffset> waiting, CancellationToken cancellationToken)
    {
        var ids = waiting.Keys.ToList();
        var conversations = await db.Conversations.AsNoTracking().Where(c => ids.Contains(c.Id) && c.WaitingSince == null)
            .Select(c => new { c.Id, c.LastMessageAt }).ToListAsync(cancellationToken);
        if (conversations.Count == 0) return;
        await db.SaveChangesAsync(
            async token =>
            {
                foreach (var conversation in conversations)
                {
                    var (id, lastMessageAt, since) = (conversation.Id, conversation.LastMessageAt, waiting[conversation.Id]);
                    await db.Conversations.Where(c => c.Id == id && c.WaitingSince == null && c.LastMessageAt == lastMessageAt)
                        .ExecuteUpdateAsync(set => set.SetProperty(c => c.WaitingSince, since), token);
                }
            }, cancellationToken);
    }
}
