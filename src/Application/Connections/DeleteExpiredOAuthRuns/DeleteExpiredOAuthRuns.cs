namespace MetaMessaging.Application.Connections;

/// <summary>Deletes the states and user tokens of runs of Meta's dialog that nobody finished.</summary>
public sealed record DeleteExpiredOAuthRuns : IRecurringJob { string IRecurringJob.Schedule => "* * * * *"; }

internal sealed class DeleteExpiredOAuthRunsHandler(IAppDbContext db, TimeProvider clock) : AsyncRequestHandler<DeleteExpiredOAuthRuns>
{
    protected override async Task Handle(DeleteExpiredOAuthRuns request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await db.OAuthStates.Where(s => s.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken);
        await db.PendingConnections.Where(p => p.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken);
    }
}
