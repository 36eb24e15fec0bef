using System.Data.Common;

namespace MetaMessaging.Application.UserAccounts;

/// <summary>
/// Looks up a signed-in user and what the user may do. Sent at every request, so signing out or removing a role takes effect at once.
/// </summary>
public sealed record ResolveCaller(long UserId, string? SecurityStamp, long SessionId) : IRequest<CallerModel>;

/// <param name="CanSeeJobs">Jobs name the rows of every organization, so ops see them only while there is one organization.</param>
public sealed record CallerModel(
    long UserId, string Name, string Email, bool IsSystemAdmin, long? OrganizationId, string? OrganizationName, OrganizationRoles Roles,
    bool CanSeeJobs);

internal sealed class ResolveCallerHandler(IAppDbContext db, IUserAccounts accounts, TimeProvider clock)
    : IRequestHandler<ResolveCaller, CallerModel>
{
    public async Task<CallerModel> Handle(ResolveCaller request, CancellationToken cancellationToken)
    {
        var user = await accounts.FindAsync(request.UserId, request.SecurityStamp ?? "", cancellationToken)
            ?? throw new UnauthenticatedException("Sign in again.");
        await EnsureSessionAsync(request, cancellationToken);

        var membership = await db.Memberships
            .Where(m => m.UserId == user.Id)
            .OrderBy(m => m.Id)
            .Join(db.Organizations, m => m.OrganizationId, o => o.Id, (m, o) => new { m.OrganizationId, o.Name, m.Roles })
            .FirstOrDefaultAsync(cancellationToken);

        var canSeeJobs = user.IsSystemAdmin || (membership?.Roles.HasFlag(OrganizationRoles.Ops) is true
            && !await db.Organizations.AnyAsync(o => o.Id != membership.OrganizationId, cancellationToken));
        return new CallerModel(
            user.Id, user.Name, user.Email, user.IsSystemAdmin, membership?.OrganizationId, membership?.Name,
            membership?.Roles ?? OrganizationRoles.None, canSeeJobs);
    }

    private async Task EnsureSessionAsync(ResolveCaller request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var session = await db.UserSessions.AsNoTracking()
            .SingleOrDefaultAsync(s => s.Id == request.SessionId && s.UserId == request.UserId, cancellationToken);
        if (session is null || session.IsOver(now)) throw new UnauthenticatedException("Sign in again.");
        if (session.IsLastSeenOutdated(now)) await SaveLastSeenAsync(session.Id, now, cancellationToken);
    }

    private async Task SaveLastSeenAsync(long sessionId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            await db.UserSessions.Where(s => s.Id == sessionId)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.LastSeenAt, now), cancellationToken);
        }
        catch (DbException)
        {
            // The next request saves it: one that only reads works while the database cannot be written.
        }
    }
}
