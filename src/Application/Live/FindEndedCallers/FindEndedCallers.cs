using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.Application.Live;

/// <summary>Finds the callers whose session or API key has ended, or whose session works in another organization, with other roles or
/// without a second factor that is needed now: on whichever node that was changed.</summary>
public sealed record FindEndedCallers(IReadOnlyCollection<LiveAccess> Open) : IRequest<IReadOnlyList<LiveAccess>>;

/// <summary>As what a live connection was opened.</summary>
/// <param name="UserId">0 for an API key.</param>
public sealed record LiveAccess(LiveCaller Caller, long UserId, long OrganizationId, OrganizationRoles Roles);

internal sealed class FindEndedCallersHandler(IAppDbContext db, IUserAccounts accounts, TimeProvider clock)
    : IRequestHandler<FindEndedCallers, IReadOnlyList<LiveAccess>>
{
    public async Task<IReadOnlyList<LiveAccess>> Handle(FindEndedCallers request, CancellationToken cancellationToken)
    {
        var organizationIds = request.Open.Select(a => a.OrganizationId).Distinct().ToList();
        var organizations = await db.Organizations.AsNoTracking().Where(o => organizationIds.Contains(o.Id))
            .ToDictionaryAsync(o => o.Id, cancellationToken);
        var keys = request.Open.Where(a => a.Caller.SessionId is null).ToList();
        var sessions = request.Open.Except(keys).ToList();
        return
        [
            .. await FindEndedKeysAsync(keys, organizations, cancellationToken),
            .. await FindEndedSessionsAsync(sessions, organizations, cancellationToken),
        ];
    }

    private async Task<IEnumerable<LiveAccess>> FindEndedKeysAsync(
        List<LiveAccess> open, Dictionary<long, Organization> organizations, CancellationToken cancellationToken)
    {
        if (open.Count == 0) return [];
        var ids = open.ConvertAll(a => a.Caller.ApiKeyId ?? 0);
        var found = await db.ApiKeys.Where(k => ids.Contains(k.Id)).Select(k => k.Id).ToHashSetAsync(cancellationToken);
        return open.Where(a => !found.Contains(a.Caller.ApiKeyId ?? 0)
            || organizations.GetValueOrDefault(a.OrganizationId)?.State is not OrganizationState.Active);
    }

    private async Task<IEnumerable<LiveAccess>> FindEndedSessionsAsync(
        List<LiveAccess> open, Dictionary<long, Organization> organizations, CancellationToken cancellationToken)
    {
        if (open.Count == 0) return [];
        var ids = open.ConvertAll(a => a.Caller.SessionId!.Value);
        var sessions = await db.UserSessions.AsNoTracking().Where(s => ids.Contains(s.Id)).ToDictionaryAsync(s => s.Id, cancellationToken);
        var userIds = open.Select(a => a.UserId).Distinct().ToList();
        var users = await accounts.FindAllAsync(userIds, cancellationToken);
        var memberships = (await db.Memberships.Where(m => userIds.Contains(m.UserId) && m.State == MembershipState.Active)
            .Join(db.Organizations, m => m.OrganizationId, o => o.Id, (m, o) => new MembershipRow(m.Id, m.UserId, o.Id, m.Roles, o.State))
            .ToListAsync(cancellationToken)).OrderBy(m => m.Id).ToLookup(m => m.UserId);
        var now = clock.GetUtcNow();
        return open.Where(access => !organizations.TryGetValue(access.OrganizationId, out var organization)
            || !sessions.TryGetValue(access.Caller.SessionId!.Value, out var session)
            || !users.TryGetValue(access.UserId, out var user)
            || session.IsOver(now, organization.Security.SessionHours)
            || (organization.Security.RequireTwoFactor && !user.HasTwoFactor)
            || PlaceOf(user, session.OrganizationId, memberships[user.Id]) != (access.OrganizationId, access.Roles));
    }

    /// <summary>As <see cref="CurrentMembership"/> finds it for a request.</summary>
    private static (long? OrganizationId, OrganizationRoles Roles) PlaceOf(
        UserAccount user, long? chosenId, IEnumerable<MembershipRow> memberships)
    {
        var usable = memberships.Where(m => user.IsSystemAdmin || m.OrganizationState is OrganizationState.Active).ToList();
        if (usable.Find(m => m.OrganizationId == chosenId) is { } chosen) return (chosen.OrganizationId, chosen.Roles);
        if (user.IsSystemAdmin && chosenId is not null) return (chosenId, OrganizationRoles.All);
        return usable is [var first, ..] ? (first.OrganizationId, first.Roles) : (null, OrganizationRoles.None);
    }

    private sealed record MembershipRow(
        long Id, long UserId, long OrganizationId, OrganizationRoles Roles, OrganizationState OrganizationState);
}
