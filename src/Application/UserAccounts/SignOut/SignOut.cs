namespace MetaMessaging.Application.UserAccounts;

/// <summary>Ends a session: its cookie and its tokens are refused from now on, and its live connections are closed.</summary>
public sealed record SignOut(long SessionId) : IRequest;

internal sealed class SignOutHandler(IAppDbContext db, AuditLog audit, ILiveConnections live) : AsyncRequestHandler<SignOut>
{
    protected override async Task Handle(SignOut request, CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(async token =>
        {
            if (await db.UserSessions.Where(s => s.Id == request.SessionId).ExecuteDeleteAsync(token) == 0) return;
            audit.Record(AuditActions.SessionEnded, AuditTarget.Session(request.SessionId));
            await db.SaveChangesAsync(token);
        }, cancellationToken);
        live.Close(new LiveCaller(request.SessionId, ApiKeyId: null));
    }
}
