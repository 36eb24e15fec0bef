namespace MetaMessaging.Application.UserAccounts;

/// <summary>Ends the caller's sessions but this one.</summary>
public sealed record EndOtherSessions : IRequest;

internal sealed class EndOtherSessionsHandler(IAppDbContext db, ICaller caller, AuditLog audit) : AsyncRequestHandler<EndOtherSessions>
{
    protected override Task Handle(EndOtherSessions request, CancellationToken cancellationToken) => db.SaveChangesAsync(
        async token =>
        {
            var ended = await db.UserSessions.Where(s => s.UserId == caller.UserId && s.Id != caller.SessionId).ExecuteDeleteAsync(token);
            if (ended == 0) return;
            audit.Record(
                AuditActions.SessionEnded, AuditTarget.User(caller.UserId, caller.Name), new AuditChange("sessions", null, ended));
            await db.SaveChangesAsync(token);
        },
        cancellationToken);
}
