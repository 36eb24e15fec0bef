using MetaMessaging.Domain.UserAccounts;

namespace MetaMessaging.Application.UserAccounts;

/// <summary>Where a session works, and as what.</summary>
/// <param name="OrganizationId">Null for a user who belongs to no organization.</param>
/// <param name="IsVisit">A system administrator is in an organization without being a member of it.</param>
public sealed record CurrentMembershipModel(
    long? OrganizationId, string? OrganizationName, OrganizationRoles Roles, bool IsVisit, SecuritySettings Security,
    string? TimeZone, string? Language)
{
    public static CurrentMembershipModel None { get; } = new(
        null, null, OrganizationRoles.None, IsVisit: false, new SecuritySettings(RequireTwoFactor: false, UserSession.DefaultHours),
        null, null);

    public static CurrentMembershipModel In(Organization organization, OrganizationRoles roles, bool isVisit) => new(
        organization.Id, organization.Name, roles, isVisit, organization.Security, organization.TimeZone, organization.Language);
}

/// <summary>
/// Finds the organization that a session works in: the one that was chosen in it, else the user's first. A system administrator may choose
/// any. Members of a suspended organization, and deactivated members, are in none, and sign in only to accept an invitation.
/// </summary>
internal sealed class CurrentMembership(IAppDbContext db, TimeProvider clock) : IScopedService
{
    /// <exception cref="UnauthenticatedException">Deactivated, or the organization is suspended, and there is no other.</exception>
    public async Task<CurrentMembershipModel> FindAsync(
        UserAccount user, long? chosenOrganizationId, CancellationToken cancellationToken)
    {
        var memberships = await db.Memberships.Where(m => m.UserId == user.Id)
            .Join(db.Organizations, m => m.OrganizationId, o => o.Id, (m, o) => new { Membership = m, Organization = o })
            .OrderBy(row => row.Membership.Id).AsNoTracking().ToListAsync(cancellationToken);
        var usable = memberships
            .Where(row => user.IsSystemAdmin || row.Organization.State is OrganizationState.Active)
            .Where(row => row.Membership.State is MembershipState.Active).ToList();
        var chosen = usable.FirstOrDefault(row => row.Membership.OrganizationId == chosenOrganizationId);
        if (chosen is null && user.IsSystemAdmin && chosenOrganizationId is not null
            && await db.Organizations.FirstOrDefaultAsync(o => o.Id == chosenOrganizationId, cancellationToken) is { } visited)
            return CurrentMembershipModel.In(visited, OrganizationRoles.All, isVisit: true);

        chosen ??= usable.FirstOrDefault();
        if (chosen is null && memberships.Count > 0 && !user.IsSystemAdmin && !await IsInvitedAsync(user.Email, cancellationToken))
            throw new UnauthenticatedException("Your account is active in no organization. Ask an admin of yours.");
        return chosen is null
            ? CurrentMembershipModel.None
            : CurrentMembershipModel.In(chosen.Organization, chosen.Membership.Roles, isVisit: false);
    }

    private Task<bool> IsInvitedAsync(string email, CancellationToken cancellationToken)
    {
        var (now, pattern) = (clock.GetUtcNow(), LikePattern.Exactly(email));
        // Invitations of all organizations, for this person is in none.
        return db.Invitations.IgnoreQueryFilters().AnyAsync(
            i => i.ExpiresAt > now && EF.Functions.Like(i.Email, pattern, LikePattern.Escape)
                && db.Organizations.Any(o => o.Id == i.OrganizationId && o.State == OrganizationState.Active), cancellationToken);
    }
}
