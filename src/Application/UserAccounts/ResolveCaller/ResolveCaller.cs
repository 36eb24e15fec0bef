namespace MetaMessaging.Application.UserAccounts;

/// <summary>
/// Looks up a signed-in user and what the user may do. Sent at every request, so signing out or removing a role takes effect at once.
/// </summary>
public sealed record ResolveCaller(long UserId, string? SecurityStamp, long SessionId) : IRequest<CallerModel>;

/// <param name="CanSeeJobs">Jobs name the rows of every organization, so ops see them only while there is one organization.</param>
public sealed record CallerModel(
    long UserId, string Name, string Email, bool IsSystemAdmin, long? OrganizationId, OrganizationRoles Roles, bool CanSeeJobs);

internal sealed class ResolveCallerHandler(IAppDbContext db, IUserAccounts accounts, TimeProvider clock)
    : IRequestHandler<ResolveCaller, CallerModel>
{
    public async Task<CallerModel> Handle(ResolveCaller request, CancellationToken cancellationToken)
    {
        var user = await accounts.FindAsync(request.UserId, request.SecurityStamp ?? "", cancellationToken)
            ?? throw new UnauthenticatedException("Sign in again.");
        await EnsureSessionAsync(request, cancellationToken);

        var membership = await db.Memberships.Where(m => m.UserId == user.Id).OrderBy(m => m.Id)
            .Select(m => new { m.OrganizationId, m.Roles, IsAlone = !db.Organizations.Any(o => o.Id != m.OrganizationId) })
            .FirstOrDefaultAsync(cancellationToken);
        var roles = membership?.Roles ?? OrganizationRoles.None;
        return new CallerModel(
            user.Id, user.Name, user.Email, user.IsSystemAdmin, membership?.OrganizationId, roles,
            CanSeeJobs: user.IsSystemAdmin || (roles.HasFlag(OrganizationRoles.Ops) && membership!.IsAlone));
    }

    private async Task EnsureSessionAsync(ResolveCaller request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var session = await db.UserSessions.AsNoTracking()
            .SingleOrDefaultAsync(s => s.Id == request.SessionId && s.UserId == request.UserId, cancellationToken);
        if (session is null || session.IsOver(now)) throw new UnauthenticatedException("Sign in again.");
        if (!session.IsLastSeenOutdated(now)) return;

        await db.UserSessions.Where(s => s.Id == session.Id)
            .TryUpdateAsync(set => set.SetProperty(s => s.LastSeenAt, now), cancellationToken);
    }
}
