using MetaMessaging.Domain.UserAccounts;

namespace MetaMessaging.Application.UserAccounts;

/// <summary>Deletes the sessions whose cookies and tokens have expired.</summary>
[NotAudited("The sessions were over before.")]
public sealed record DeleteUnusedSessions : IRecurringJob
{
    string IRecurringJob.Schedule => "30 3 * * *";
}

internal sealed class DeleteUnusedSessionsHandler(IAppDbContext db, TimeProvider clock) : AsyncRequestHandler<DeleteUnusedSessions>
{
    protected override async Task Handle(DeleteUnusedSessions request, CancellationToken cancellationToken)
    {
        var hours = await db.Organizations.MaxAsync(o => (int?)o.Security.SessionHours, cancellationToken) ?? UserSession.DefaultHours;
        var lastUse = clock.GetUtcNow() - TimeSpan.FromHours(hours);
        await db.UserSessions.Where(s => s.LastSeenAt <= lastUse).ExecuteDeleteAsync(cancellationToken);
    }
}
