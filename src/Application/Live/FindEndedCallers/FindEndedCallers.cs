namespace MetaMessaging.Application.Live;

/// <summary>Finds the callers whose session or API key was deleted, on whichever node.</summary>
public sealed record FindEndedCallers(IReadOnlyCollection<LiveCaller> Callers) : IRequest<IReadOnlyList<LiveCaller>>;

internal sealed class FindEndedCallersHandler(IAppDbContext db) : IRequestHandler<FindEndedCallers, IReadOnlyList<LiveCaller>>
{
    public async Task<IReadOnlyList<LiveCaller>> Handle(FindEndedCallers request, CancellationToken cancellationToken)
    {
        var sessionIds = request.Callers.Select(c => c.SessionId).OfType<long>().ToList();
        var apiKeyIds = request.Callers.Select(c => c.ApiKeyId).OfType<long>().ToList();
        var sessions = await db.UserSessions.Where(s => sessionIds.Contains(s.Id)).Select(s => s.Id).ToHashSetAsync(cancellationToken);
        var apiKeys = apiKeyIds.Count == 0 ? []
            : await db.ApiKeys.Where(k => apiKeyIds.Contains(k.Id))
                .Where(k => db.Organizations.Any(o => o.Id == k.OrganizationId && o.State == OrganizationState.Active))
                .Select(k => k.Id).ToHashSetAsync(cancellationToken);
        return [.. request.Callers.Where(c => c.SessionId is { } id ? !sessions.Contains(id) : !apiKeys.Contains(c.ApiKeyId ?? 0))];
    }
}
