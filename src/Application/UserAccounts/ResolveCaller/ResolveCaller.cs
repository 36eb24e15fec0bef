using MetaMessaging.Domain.UserAccounts;

namespace MetaMessaging.Application.UserAccounts;

/// <summary>
/// Looks up a signed-in user and what the user may do. Sent at every request, so signing out or removing a role takes effect at once.
/// </summary>
[NotAudited("It saves only when a session was last used.")]
public sealed record ResolveCaller(long UserId, long SessionId) : IRequest<CallerModel>;

/// <param name="IsVisit">A system administrator is in an organization without being a member of it.</param>
/// <param name="NeedsTwoFactor">The organization asks for a second factor that the user has not set up: the roles are withheld.</param>
/// <param name="TimeZone">What the user, or else the organization, has chosen; null for the browser's, like the language.</param>
/// <param name="CanSeeJobs">Jobs name the rows of every organization, so ops see them only while there is one organization.</param>
public sealed record CallerModel(
    long UserId, string Name, string Email, bool IsSystemAdmin, long? OrganizationId, string? OrganizationName, OrganizationRoles Roles,
    bool IsVisit, bool NeedsTwoFactor, bool CanSeeJobs, long SessionId, string? TimeZone, string? Language);

internal sealed class ResolveCallerHandler(
    IAppDbContext db, IUserAccounts accounts, CurrentMembership membership, IClientInfo client, TimeProvider clock)
    : IRequestHandler<ResolveCaller, CallerModel>
{
    public async Task<CallerModel> Handle(ResolveCaller request, CancellationToken cancellationToken)
    {
        var user = await accounts.FindAsync(request.UserId, cancellationToken)
            ?? throw new UnauthenticatedException("Sign in again.");
        var session = await db.UserSessions.AsNoTracking()
            .SingleOrDefaultAsync(s => s.Id == request.SessionId && s.UserId == request.UserId, cancellationToken)
            ?? throw new UnauthenticatedException("Sign in again.");
        var current = await membership.FindAsync(user, session.OrganizationId, cancellationToken);
        var now = clock.GetUtcNow();
        if (session.IsOver(now, current.Security.SessionHours)) throw new UnauthenticatedException("Sign in again.");
        if (session.IsLastSeenOutdated(now)) await SaveLastSeenAsync(session, current, now, cancellationToken);

        var isOps = current.Roles.HasFlag(OrganizationRoles.Ops);
        var canSeeJobs = user.IsSystemAdmin
            || (isOps && !await db.Organizations.AnyAsync(o => o.Id != current.OrganizationId, cancellationToken));
        return new CallerModel(
            user.Id, user.Name, user.Email, user.IsSystemAdmin, current.OrganizationId, current.OrganizationName, current.Roles,
            current.IsVisit, NeedsTwoFactor: current.Security.RequireTwoFactor && !user.HasTwoFactor, canSeeJobs, session.Id,
            user.TimeZone ?? current.TimeZone, user.Language ?? current.Language);
    }

    private async Task SaveLastSeenAsync(
        UserSession session, CurrentMembershipModel current, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await db.UserSessions.Where(s => s.Id == session.Id).TryUpdateAsync(
            set => set.SetProperty(s => s.LastSeenAt, now).SetProperty(s => s.Address, client.Address), cancellationToken);
        await db.Memberships.Where(m => m.UserId == session.UserId && m.OrganizationId == current.OrganizationId)
            .TryUpdateAsync(set => set.SetProperty(m => m.LastSeenAt, now), cancellationToken);
    }
}
