using MetaMessaging.Domain.UserAccounts;

namespace MetaMessaging.Application.UserAccounts;

/// <summary>
/// Accepts a refresh token once. A token that is used again may have been stolen, so that ends the session with all of its tokens.
/// </summary>
public sealed record RefreshSignIn(long UserId, SessionTicket Session) : IRequest<RefreshedSignIn>;

public sealed record RefreshedSignIn(UserAccount User, SessionTicket Session);

internal sealed class RefreshSignInHandler(
    IAppDbContext db, IUserAccounts accounts, CurrentMembership membership, AuditLog audit, TimeProvider clock)
    : IRequestHandler<RefreshSignIn, RefreshedSignIn>
{
    /// <exception cref="UnauthenticatedException">The account, the session or the token is no longer valid.</exception>
    public async Task<RefreshedSignIn> Handle(RefreshSignIn request, CancellationToken cancellationToken)
    {
        var user = await accounts.FindAsync(request.UserId, cancellationToken)
            ?? throw new UnauthenticatedException("Sign in again.");

        var (now, number) = (clock.GetUtcNow(), request.Session.RefreshNumber);
        var session = db.UserSessions.Where(s => s.Id == request.Session.SessionId && s.UserId == user.Id);
        var current = await session.AsNoTracking().SingleOrDefaultAsync(cancellationToken)
            ?? throw new UnauthenticatedException("Sign in again.");
        var organization = await membership.FindAsync(user, current.OrganizationId, cancellationToken);
        if (current.IsOver(now, organization.Security.SessionHours)) throw new UnauthenticatedException("Sign in again.");

        var refreshed = await session.Where(s => s.RefreshNumber == number).ExecuteUpdateAsync(
            set => set.SetProperty(s => s.RefreshNumber, number + 1).SetProperty(s => s.LastSeenAt, now), cancellationToken);
        if (refreshed == 1) return new RefreshedSignIn(user, request.Session with { RefreshNumber = number + 1 });

        await EndAsync(session, organization.OrganizationId, user, cancellationToken);
        throw new UnauthenticatedException("Sign in again.");
    }

    private Task EndAsync(
        IQueryable<UserSession> session, long? organizationId, UserAccount user, CancellationToken cancellationToken) =>
        db.SaveChangesAsync(
            async token =>
            {
                if (await session.ExecuteDeleteAsync(token) == 0) return;
                audit.Record(
                    organizationId, AuditActor.System, AuditActions.SessionEnded, AuditTarget.User(user.Id, user.Name),
                    new AuditChange("reason", null, "A refresh token was used twice."));
                await db.SaveChangesAsync(token);
            },
            cancellationToken);
}
