using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.Application.Live;

/// <summary>Finds the callers whose session or API key was deleted, or whose session works in another organization or with other roles
/// than when the connection was opened: on whichever node that was changed.</summary>
public sealed record FindEndedCallers(IReadOnlyCollection<LiveAccess> Open) : IRequest<IReadOnlyList<LiveAccess>>;

/// <summary>As what a live connection was opened.</summary>
/// <param name="UserId">0 for an API key.</param>
public sealed record LiveAccess(LiveCaller Caller, long UserId, bool IsSystemAdmin, long OrganizationId, OrganizationRoles Roles);

internal sealed class FindEndedCallersHandler(IAppDbContext db) : IRequestHandler<FindEndedCallers, IReadOnlyList<LiveAccess>>
{
    public async Task<IReadOnlyList<LiveAccess>> Handle(FindEndedCallers request, CancellationToken cancellationToken)
    {
        var keys = request.Open.Where(a => a.Caller.SessionId is null).ToList();
        var sessions = request.Open.Except(keys).ToList();
        return [.. await FindEndedKeysAsync(keys, cancellationToken), .. await FindEndedSessionsAsync(sessions, cancellationToken)];
    }

    private async Task<IEnumerable<LiveAccess>> FindEndedKeysAsync(List<LiveAccess> open, CancellationToken cancellationToken)
    {
        if (open.Count == 0) return [];
        var ids = open.ConvertAll(a => a.Caller.ApiKeyId ?? 0);
        var found = await db.ApiKeys.Where(k => ids.Contains(k.Id))
            .Where(k => db.Organizations.Any(o => o.Id == k.OrganizationId && o.State == OrganizationState.Active))
            .Select(k => k.Id).ToHashSetAsync(cancellationToken);
        return open.Where(a => !found.Contains(a.Caller.ApiKeyId ?? 0));
    }

    private async Task<IEnumerable<LiveAccess>> FindEndedSessionsAsync(List<LiveAccess> open, CancellationToken cancellationToken)
    {
        var ids = open.ConvertAll(a => a.Caller.SessionId!.Value);
        var sessions = await db.UserSessions.Where(s => ids.Contains(s.Id))
            .Select(s => new { s.Id, s.OrganizationId }).ToDictionaryAsync(s => s.Id, cancellationToken);
        var userIds = open.Select(a => a.UserId).Distinct().ToList();
        var memberships = (await db.Memberships.Where(m => userIds.Contains(m.UserId) && m.State == MembershipState.Active)
            .Join(db.Organizations, m => m.OrganizationId, o => o.Id, (m, o) => new MembershipRow(m.Id, m.UserId, o.Id, m.Roles, o.State))
            .ToListAsync(cancellationToken)).OrderBy(m => m.Id).ToLookup(m => m.UserId);
        return open.Where(a => !sessions.TryGetValue(a.Caller.SessionId!.Value, out var session)
            || PlaceOf(a, session.OrganizationId, memberships[a.UserId]) != (a.OrganizationId, a.Roles));
    }

    /// <summary>As <see cref="CurrentMembership"/> finds it for a request.</summary>
    private static (long? OrganizationId, OrganizationRoles Roles) PlaceOf(
        LiveAccess access, long? chosenId, IEnumerable<MembershipRow> memberships)
    {
        var usable = memberships.Where(m => access.IsSystemAdmin || m.OrganizationState is OrganizationState.Active).ToList();
        if (usable.Find(m => m.OrganizationId == chosenId) is { } chosen) return (chosen.OrganizationId, chosen.Roles);
        if (access.IsSystemAdmin && chosenId is not null) return (chosenId, OrganizationRoles.All);
        return usable is [var first, ..] ? (first.OrganizationId, first.Roles) : (null, OrganizationRoles.None);
    }

    private sealed record MembershipRow(
        long Id, long UserId, long OrganizationId, OrganizationRoles Roles, OrganizationState OrganizationState);
}
