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
        var current = (await FindAllAsync([(user, chosenOrganizationId)], cancellationToken))[0];
        if (current.OrganizationId is null && !user.IsSystemAdmin
            && await db.Memberships.AnyAsync(m => m.UserId == user.Id, cancellationToken)
            && !await IsInvitedAsync(user.Email, cancellationToken))
            throw new UnauthenticatedException("Your account is active in no organization. Ask an admin of yours.");
        return current;
    }

    /// <returns>In the order of the sessions; <see cref="CurrentMembershipModel.None"/> also for those that may not go on.</returns>
    public async Task<IReadOnlyList<CurrentMembershipModel>> FindAllAsync(
        IReadOnlyCollection<(UserAccount User, long? ChosenOrganizationId)> sessions, CancellationToken cancellationToken)
    {
        var userIds = sessions.Select(s => s.User.Id).Distinct().ToList();
        var memberships = (await db.Memberships.Where(m => userIds.Contains(m.UserId) && m.State == MembershipState.Active)
            .Join(db.Organizations, m => m.OrganizationId, o => o.Id, (m, o) => new { Membership = m, Organization = o })
            .OrderBy(row => row.Membership.Id).AsNoTracking().ToListAsync(cancellationToken)).ToLookup(row => row.Membership.UserId);
        var visitedIds = sessions.Where(s => s.User.IsSystemAdmin).Select(s => s.ChosenOrganizationId).OfType<long>().Distinct().ToList();
        var visited = visitedIds.Count == 0 ? []
            : await db.Organizations.AsNoTracking().Where(o => visitedIds.Contains(o.Id)).ToDictionaryAsync(o => o.Id, cancellationToken);
        return [.. sessions.Select(session => Choose(session.User, session.ChosenOrganizationId))];

        CurrentMembershipModel Choose(UserAccount user, long? chosenId)
        {
            var usable = memberships[user.Id]
                .Where(row => user.IsSystemAdmin || row.Organization.State is OrganizationState.Active).ToList();
            var chosen = usable.Find(row => row.Membership.OrganizationId == chosenId);
            if (chosen is null && user.IsSystemAdmin && visited.TryGetValue(chosenId ?? 0, out var organization))
                return CurrentMembershipModel.In(organization, OrganizationRoles.All, isVisit: true);

            chosen ??= usable.FirstOrDefault();
            return chosen is null
                ? CurrentMembershipModel.None
                : CurrentMembershipModel.In(chosen.Organization, chosen.Membership.Roles, isVisit: false);
        }
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
