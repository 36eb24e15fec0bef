namespace MetaMessaging.Application.Connections;

/// <summary>Checks all connections, daily, so that an expired token is noticed before a message fails because of it.</summary>
[NotAudited("CheckConnection records what it finds.")]
public sealed record CheckEveryConnection : IRecurringJob { string IRecurringJob.Schedule => "0 4 * * *"; }

internal sealed class CheckEveryConnectionHandler(IAppDbContext db, IJobs jobs) : AsyncRequestHandler<CheckEveryConnection>
{
    protected override async Task Handle(CheckEveryConnection request, CancellationToken cancellationToken)
    {
        var ids = await db.Connections.Where(c => c.State != ConnectionState.Disconnected).Select(c => c.Id).ToListAsync(cancellationToken);
        foreach (var id in ids) jobs.Enqueue(new CheckConnection(id));
    }
}
