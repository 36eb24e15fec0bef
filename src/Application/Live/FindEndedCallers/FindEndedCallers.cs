using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.Application.Live;

/// <summary>Finds the callers whose session or API key has ended, or whose session works in another organization, with other roles or
/// without a second factor that is needed now: on whichever node that was changed.</summary>
public sealed record FindEndedCallers(IReadOnlyCollection<LiveAccess> Open) : IRequest<IReadOnlyList<LiveAccess>>;

/// <summary>As what a live connection was opened.</summary>
/// <param name="UserId">0 for an API key.</param>
public sealed record LiveAccess(LiveCaller Caller, long UserId, long OrganizationId, OrganizationRoles Roles);

internal sealed class FindEndedCallersHandler(
    IAppDbContext db, IUserAccounts accounts, CurrentMembership membership, TimeProvider clock)
    : IRequestHandler<FindEndedCallers, IReadOnlyList<LiveAccess>>
{
    public async Task<IReadOnlyList<LiveAccess>> Handle(FindEndedCallers request, CancellationToken cancellationToken)
    {
        var keys = request.Open.Where(a => a.Caller.SessionId is null).ToList();
        var sessions = request.Open.Except(keys).ToList();
        return
        [
            .. keys.Except(await FindKeysAsync(keys, cancellationToken)),
            .. sessions.Except(await FindSessionsAsync(sessions, cancellationToken)),
        ];
    }

    private async Task<IEnumerable<LiveAccess>> FindKeysAsync(List<LiveAccess> open, CancellationToken cancellationToken)
    {
        if (open.Count == 0) return [];
        var ids = open.ConvertAll(a => a.Caller.ApiKeyId ?? 0);
        var found = await db.ApiKeys.Where(k => ids.Contains(k.Id))
            .Where(k => db.Organizations.Any(o => o.Id == k.OrganizationId && o.State == OrganizationState.Active))
            .Select(k => k.Id).ToHashSetAsync(cancellationToken);
        return open.Where(a => found.Contains(a.Caller.ApiKeyId ?? 0));
    }

    private async Task<IEnumerable<LiveAccess>> FindSessionsAsync(List<LiveAccess> open, CancellationToken cancellationToken)
    {
        if (open.Count == 0) return [];
        var ids = open.ConvertAll(a => a.Caller.SessionId!.Value);
        var sessions = await db.UserSessions.AsNoTracking().Where(s => ids.Contains(s.Id)).ToDictionaryAsync(s => s.Id, cancellationToken);
        var users = await accounts.FindAllAsync([.. open.Select(a => a.UserId).Distinct()], cancellationToken);
        open = open.FindAll(a => sessions.ContainsKey(a.Caller.SessionId!.Value) && users.ContainsKey(a.UserId));
        var places = await membership.FindAllAsync(
            open.ConvertAll(a => (users[a.UserId], sessions[a.Caller.SessionId!.Value].OrganizationId)), cancellationToken);
        var now = clock.GetUtcNow();
        return open.Zip(places).Where(pair => MayGoOn(pair.First, pair.Second)).Select(pair => pair.First);

        bool MayGoOn(LiveAccess access, CurrentMembershipModel place) =>
            (place.OrganizationId, place.Roles) == (access.OrganizationId, access.Roles)
            && !sessions[access.Caller.SessionId!.Value].IsOver(now, place.Security.SessionHours)
            && (users[access.UserId].HasTwoFactor || !place.Security.RequireTwoFactor);
    }
}
