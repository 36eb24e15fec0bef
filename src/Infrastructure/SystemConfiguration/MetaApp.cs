namespace MetaMessaging.Infrastructure.SystemConfiguration;

/// <summary>Keeps System Config for five seconds, because another node may change it, or until this one does.</summary>
internal sealed class MetaApp(IServiceProvider services, TimeProvider clock) : IMetaApp
{
    private static readonly TimeSpan CacheDuration = TimeSpan.FromSeconds(5);

    private volatile CachedSettings? cached;

    public ValueTask<MetaAppSettings> GetAsync(CancellationToken cancellationToken) =>
        cached is { } current && clock.GetElapsedTime(current.ReadAt) < CacheDuration
            ? ValueTask.FromResult(current.Settings)
            : new ValueTask<MetaAppSettings>(ReadAsync(cancellationToken));

    public void Invalidate() => cached = null;

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
