namespace MetaMessaging.Application.Connections;

/// <summary>Deletes the states and user tokens of OAuth attempts that nobody finished.</summary>
[NotAudited("What it deletes cannot be used any more.")]
public sealed record DeleteExpiredOAuthAttempts : IRecurringJob { string IRecurringJob.Schedule => "* * * * *"; }

internal sealed class DeleteExpiredOAuthAttemptsHandler(IAppDbContext db, TimeProvider clock)
    : AsyncRequestHandler<DeleteExpiredOAuthAttempts>
{
    protected override async Task Handle(DeleteExpiredOAuthAttempts request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await db.OAuthStates.Where(s => s.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken);
        await db.PendingConnections.Where(p => p.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken);
    }
}
