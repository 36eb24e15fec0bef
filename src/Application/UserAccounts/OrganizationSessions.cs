using MetaMessaging.Domain.UserAccounts;

namespace MetaMessaging.Application.UserAccounts;

internal static class OrganizationSessions
{
    /// <param name="exceptUserId">The system administrator who asks for it, and may go on working there.</param>
    public static Task EndSessionsAsync(
        this IAppDbContext db, long organizationId, long exceptUserId, CancellationToken cancellationToken) =>
        db.SessionsIn(organizationId).Where(s => s.UserId != exceptUserId).ExecuteDeleteAsync(cancellationToken);

    /// <summary>The sessions that work in an organization: it was chosen in them, or none was and it is the user's first.</summary>
    public static IQueryable<UserSession> SessionsIn(this IAppDbContext db, long organizationId) =>
        db.UserSessions.Where(s => s.OrganizationId == organizationId || (s.OrganizationId == null && organizationId == db.Memberships
            .Where(m => m.UserId == s.UserId && m.State == MembershipState.Active)
            .Where(m => db.Organizations.Any(o => o.Id == m.OrganizationId && o.State == OrganizationState.Active))
            .OrderBy(m => m.Id).Select(m => m.OrganizationId).FirstOrDefault()));
}
