namespace MetaMessaging.Infrastructure.SystemConfiguration;

/// <summary>Keeps System Config until this node or another changes it, for five seconds at most: a message may be lost.</summary>
internal sealed class MetaApp(IServiceProvider services, INodeMessages nodes, TimeProvider clock) : IMetaApp, INodeMessageHandler
{
    private static readonly TimeSpan CacheDuration = TimeSpan.FromSeconds(5);

    private volatile CachedSettings? cached;

    public ValueTask<MetaAppSettings> GetAsync(CancellationToken cancellationToken) =>
        cached is { } current && clock.GetElapsedTime(current.ReadAt) < CacheDuration
            ? ValueTask.FromResult(current.Settings)
            : new ValueTask<MetaAppSettings>(ReadAsync(cancellationToken));

    public string Kind => "systemConfig";

    public void Invalidate()
    {
        cached = null;
        nodes.Send(Kind, new { });
    }

    public Task HandleAsync(JsonElement message)
    {
        cached = null;
        return Task.CompletedTask;
    }

    private async Task<MetaAppSettings> ReadAsync(CancellationToken cancellationToken)
    {
        var readAt = clock.GetTimestamp();
        await using var work = services.CreateAllOrganizationsScope();
        var config = await work.ServiceProvider.GetRequiredService<IAppDbContext>().SystemConfig.AsNoTracking()
            .OrderBy(c => c.Id).FirstAsync(cancellationToken);
        var settings = new MetaAppSettings(config.MetaMessagingAppId, config.MetaMessagingAppSecret, config.MetaMessagingVerifyToken);
        cached = new CachedSettings(settings, readAt);
        return settings;
    }

    private sealed record CachedSettings(MetaAppSettings Settings, long ReadAt);
}
