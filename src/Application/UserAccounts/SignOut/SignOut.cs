namespace MetaMessaging.Application.UserAccounts;

/// <summary>Ends a session: its cookie and its tokens are refused from now on.</summary>
public sealed record SignOut(long SessionId) : IRequest;

internal sealed class SignOutHandler(IAppDbContext db) : AsyncRequestHandler<SignOut>
{
    protected override Task Handle(SignOut request, CancellationToken cancellationToken) =>
        db.UserSessions.Where(s => s.Id == request.SessionId).ExecuteDeleteAsync(cancellationToken);
}
