namespace MetaMessaging.Application.ApiKeys;

/// <summary>Finds the organization and the scopes of an API key. Sent at every call, before an organization is entered.</summary>
[NotAudited("It saves only when a key was last used.")]
public sealed record ResolveApiKey(string Key) : IRequest<ApiKeyCaller?>;

public sealed record ApiKeyCaller(long Id, string Name, long OrganizationId, IReadOnlyList<string> Scopes);

internal sealed class ResolveApiKeyHandler(IAppDbContext db, TimeProvider clock) : IRequestHandler<ResolveApiKey, ApiKeyCaller?>
{
    public async Task<ApiKeyCaller?> Handle(ResolveApiKey request, CancellationToken cancellationToken)
    {
        var hash = SecretToken.HashOf(request.Key);
        var key = await db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(
            k => k.KeyHash == hash && db.Organizations.Any(o => o.Id == k.OrganizationId && o.State == OrganizationState.Active),
            cancellationToken);
        if (key is null) return null;

        var now = clock.GetUtcNow();
        if (key.IsLastUsedOutdated(now))
        {
            await db.ApiKeys.Where(k => k.Id == key.Id)
                .TryUpdateAsync(set => set.SetProperty(k => k.LastUsedAt, now), cancellationToken);
        }

        return new ApiKeyCaller(key.Id, key.Name, key.OrganizationId, key.Scopes);
    }
}
