namespace MetaMessaging.Application.Outbound;

internal sealed class RecoverQueuedMessages(IAppDbContext db, IDispatcher dispatcher, IJobs jobs) : IRecovery
{
    public async Task RecoverAsync(DateTimeOffset now, DateTimeOffset horizon, CancellationToken cancellationToken)
    {
        // A suspended organization's messages wait.
        var queued = db.Messages.Where(m => m.Status == MessageStatus.Queued
            && db.Organizations.Any(o => o.Id == m.OrganizationId && o.State == OrganizationState.Active));
        await WakeAsync(queued.Where(m => m.NextAttemptAt == null), cancellationToken);
        var waiting = await queued.Where(m => m.NextAttemptAt <= (horizon > now ? horizon : now))
            .OrderBy(m => m.NextAttemptAt).Select(m => new { m.ConversationId, DueAt = m.NextAttemptAt!.Value })
            .Take(IRecovery.MaxPerRun).ToListAsync(cancellationToken);
        foreach (var conversationId in waiting.Where(m => m.DueAt <= now).Select(m => m.ConversationId).Distinct())
            dispatcher.Wake(conversationId);
        foreach (var message in waiting.Where(m => m.DueAt > now))
            jobs.Schedule(new DeliverMessages(message.ConversationId), message.DueAt);
    }

    /// <summary>All of them: those that wait for a Page would otherwise leave no place for those behind them.</summary>
    private async Task WakeAsync(IQueryable<Message> due, CancellationToken cancellationToken)
    {
        List<long> chunk;
        var after = 0L;
        do
        {
            chunk = await due.Where(m => m.ConversationId > after).GroupBy(m => m.ConversationId).Select(m => m.Key).OrderBy(id => id)
                .Take(IRecovery.MaxPerRun).ToListAsync(cancellationToken);
            foreach (var conversationId in chunk) dispatcher.Wake(after = conversationId);
        }
        while (chunk.Count == IRecovery.MaxPerRun);
    }
}
