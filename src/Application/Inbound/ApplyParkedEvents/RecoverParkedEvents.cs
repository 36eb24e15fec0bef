namespace MetaMessaging.Application.Inbound;

internal sealed class RecoverParkedEvents(IAppDbContext db, IJobs jobs) : IRecovery
{
    public async Task RecoverAsync(DateTimeOffset now, DateTimeOffset horizon, CancellationToken cancellationToken)
    {
        var messageIds = await db.ParkedEvents
            .Where(p => db.Connections.Any(c => c.Id == p.ConnectionId && c.State != ConnectionState.Disconnected))
            .Join(db.Messages, p => new { p.ConnectionId, p.Mid }, m => new { m.ConnectionId, Mid = m.ExternalId! }, (p, m) => m.Id)
            .Distinct().OrderBy(id => id).Take(IRecovery.MaxPerRun).ToListAsync(cancellationToken);
        foreach (var messageId in messageIds) jobs.Enqueue(new ApplyParkedEvents(messageId));
    }
}
