namespace MetaMessaging.Application.Inbound;

internal sealed class RecoverErasures(IAppDbContext db, IJobs jobs) : IRecovery
{
    public async Task RecoverAsync(DateTimeOffset now, DateTimeOffset horizon, CancellationToken cancellationToken)
    {
        var messages = await db.Messages.Where(m => m.EraseDueAt <= horizon)
            .OrderBy(m => m.EraseDueAt).Select(m => new { m.Id, DueAt = m.EraseDueAt!.Value })
            .Take(IRecovery.MaxPerRun).ToListAsync(cancellationToken);
        foreach (var message in messages) jobs.Schedule(new EraseUnsentContent(message.Id), message.DueAt);
    }
}
