namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>
/// Whether this node has the keys of the secrets that were stored last: without them it refuses deliveries and cannot send.
/// </summary>
internal sealed class SecretHealth(IServiceProvider services, ReloadableKeyManager keys, TimeProvider clock)
{
    private static readonly TimeSpan CacheDuration = TimeSpan.FromSeconds(3);

    private volatile Finding? last;

    /// <summary>Two rows, found by their ids.</summary>
    public async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        if (last is { } known && clock.GetElapsedTime(known.At) < CacheDuration) return known.Problem;

        var problem = await CheckAsync(cancellationToken);
        if (problem is not null) keys.Reload();   // the next look sees keys that have been restored
        last = new Finding(problem, clock.GetTimestamp());
        return problem;
    }

    /// <summary>A secret that cannot be decrypted is read as null.</summary>
    private async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAllOrganizationsScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var config = await db.SystemConfig.Where(c => c.MetaMessagingAppSecret != null)
            .Select(c => new { c.MetaMessagingAppSecret, c.UpdatedAt }).FirstOrDefaultAsync(cancellationToken);
        if (config is null) return null;
        if (config.MetaMessagingAppSecret is null)
            return "This node lacks the key of the app secret. Restore the keys, or enter the app secret again in System Config.";

        var page = await db.Connections.Where(c => c.PageAccessToken != null).OrderByDescending(c => c.Id)
            .Select(c => new { c.PageAccessToken, c.ConnectedAt }).FirstOrDefaultAsync(cancellationToken);
        // An older token whose key is lost does not keep the node from serving: it is lost on all nodes, and its Page says so.
        return page is { PageAccessToken: null } && page.ConnectedAt > config.UpdatedAt
            ? "This node lacks the key of a Page's token. Restore the keys, or connect the Page again."
            : null;
    }

    private sealed record Finding(string? Problem, long At);
}
