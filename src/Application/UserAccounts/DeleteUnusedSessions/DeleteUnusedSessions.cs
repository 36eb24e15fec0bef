using MetaMessaging.Domain.UserAccounts;

namespace MetaMessaging.Application.UserAccounts;

/// <summary>Deletes the sessions whose cookies and tokens have expired.</summary>
public sealed record DeleteUnusedSessions : IRecurringJob
{
    string IRecurringJob.Schedule => "30 3 * * *";
}

internal sealed class DeleteUnusedSessionsHandler(IAppDbContext db, TimeProvider clock) : AsyncRequestHandler<DeleteUnusedSessions>
{
    protected override Task Handle(DeleteUnusedSessions request, CancellationToken cancellationToken)
    {
        var lastUse = clock.GetUtcNow() - UserSession.Lifetime;
        return db.UserSessions.Where(s => s.LastSeenAt <= lastUse).ExecuteDeleteAsync(cancellationToken);
    }
}
