namespace MetaMessaging.Application.UserAccounts;

/// <summary>Ends one of the caller's sessions, with its cookie, its tokens and its live connections.</summary>
public sealed record EndSession(long Id) : IRequest;

internal sealed class EndSessionHandler(IAppDbContext db, ICaller caller, ILiveConnections live, AuditLog audit)
    : AsyncRequestHandler<EndSession>
{
    protected override async Task Handle(EndSession request, CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(
            async token =>
            {
                if (await db.UserSessions.Where(s => s.Id == request.Id && s.UserId == caller.UserId).ExecuteDeleteAsync(token) == 0)
                    throw new NotFoundException("session_not_found");
                audit.Record(AuditActions.SessionEnded, AuditTarget.Session(request.Id));
                await db.SaveChangesAsync(token);
            },
            cancellationToken);
        live.Close(new LiveCaller(request.Id, ApiKeyId: null));
    }
}
