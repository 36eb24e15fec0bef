namespace MetaMessaging.Application.Inbound;

internal sealed class RecoverMissingMessages(IAppDbContext db, IJobs jobs) : IRecovery
{
    public async Task RecoverAsync(DateTimeOffset now, DateTimeOffset horizon, CancellationToken cancellationToken)
    {
        var parked = await db.ParkedEvents.Where(p => p.FetchDueAt <= horizon)
            .OrderBy(p => p.FetchDueAt).Select(p => new { p.Id, DueAt = p.FetchDueAt!.Value })
            .Take(IRecovery.MaxPerRun).ToListAsync(cancellationToken);
        foreach (var parkedEvent in parked) jobs.Schedule(new FetchMissingMessage(parkedEvent.Id), parkedEvent.DueAt);
    }
}
