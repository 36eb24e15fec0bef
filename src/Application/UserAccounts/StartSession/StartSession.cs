using MetaMessaging.Domain.UserAccounts;

namespace MetaMessaging.Application.UserAccounts;

/// <summary>Starts the session of a user who has just signed in.</summary>
/// <param name="OrganizationId">Where it works; null for the user's first.</param>
public sealed record StartSession(long UserId, long? OrganizationId = null) : IRequest<SessionTicket>;

/// <summary>What a cookie or a token holds about its session.</summary>
/// <param name="RefreshNumber">The number of the refresh token in the session, see <see cref="RefreshSignIn"/>.</param>
public sealed record SessionTicket(long SessionId, int RefreshNumber);

internal sealed class StartSessionHandler(
    IAppDbContext db, IUserAccounts accounts, CurrentMembership membership, AuditLog audit, IClientInfo client, TimeProvider clock)
    : IRequestHandler<StartSession, SessionTicket>
{
    /// <exception cref="UnauthenticatedException">Deactivated, or the organization is suspended, and there is no other.</exception>
    public async Task<SessionTicket> Handle(StartSession request, CancellationToken cancellationToken)
    {
        var user = await accounts.FindAsync(request.UserId, cancellationToken) ?? throw new UnauthenticatedException("Sign in again.");
        var now = clock.GetUtcNow();
        var current = await membership.FindAsync(user, request.OrganizationId, cancellationToken);
        var session = new UserSession(request.UserId, request.OrganizationId, client.Device, client.Address, now);
        db.UserSessions.Add(session);
        await audit.RecordSignInAsync(AuditActions.SignInSucceeded, user.Id, user.Name, cancellationToken);
        await db.SaveChangesAsync(
            token => db.Memberships.Where(m => m.UserId == user.Id && m.OrganizationId == current.OrganizationId)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.LastSeenAt, now), token),
            cancellationToken);
        return new SessionTicket(session.Id, session.RefreshNumber);
    }
}
