namespace MetaMessaging.Application.Outbound;

internal sealed class RecoverUnansweredSends(IAppDbContext db, IJobs jobs) : IRecovery
{
    public async Task RecoverAsync(DateTimeOffset now, DateTimeOffset horizon, CancellationToken cancellationToken)
    {
        var unanswered = await db.Messages.Where(m => m.Status == MessageStatus.Sending && m.ClaimedUntil <= horizon)
            .OrderBy(m => m.Id).Select(m => new { m.Id, DueAt = m.ClaimedUntil!.Value })
            .Take(IRecovery.MaxPerRun).ToListAsync(cancellationToken);
        foreach (var message in unanswered) jobs.Schedule(new ReconcileSend(message.Id), message.DueAt);
    }
}
