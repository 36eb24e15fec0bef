namespace MetaMessaging.Application.Outbound;

internal sealed class RecoverQueuedMessages(IAppDbContext db, IDispatcher dispatcher, IJobs jobs) : IRecovery
{
    public async Task RecoverAsync(DateTimeOffset now, DateTimeOffset horizon, CancellationToken cancellationToken)
    {
        var queued = db.Messages.Where(m => m.Status == MessageStatus.Queued
            && db.Organizations.Any(o => o.Id == m.OrganizationId && o.State == OrganizationState.Active));
        var due = await queued.Where(m => m.NextAttemptAt == null || m.NextAttemptAt <= now)
            .Select(m => m.ConversationId).Distinct().OrderBy(id => id)
            .Take(IRecovery.MaxPerRun).ToListAsync(cancellationToken);
        foreach (var conversationId in due) dispatcher.Wake(conversationId);

        var waiting = await queued.Where(m => m.NextAttemptAt > now && m.NextAttemptAt <= horizon)
            .OrderBy(m => m.NextAttemptAt).Select(m => new { m.ConversationId, DueAt = m.NextAttemptAt!.Value })
            .Take(IRecovery.MaxPerRun).ToListAsync(cancellationToken);
        foreach (var message in waiting) jobs.Schedule(new DeliverMessages(message.ConversationId), message.DueAt);
    }
}
