using MetaMessaging.Application.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Infrastructure.SystemConfiguration;

/// <summary>System Config, read again after a change here and after a few seconds, because another node may have changed it.</summary>
internal sealed class MetaApp(IServiceProvider services, TimeProvider clock) : IMetaApp
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private volatile Known? known;

    public ValueTask<MetaAppSettings> GetAsync(CancellationToken cancellationToken) =>
        known is { } current && clock.GetElapsedTime(current.ReadAt) < Fresh
            ? ValueTask.FromResult(current.Settings)
            : new ValueTask<MetaAppSettings>(ReadAsync(cancellationToken));

    public void Invalidate() => known = null;

    private async Task<MetaAppSettings> ReadAsync(CancellationToken cancellationToken)
    {
        var readAt = clock.GetTimestamp();
        await using var work = services.CreateAllOrganizationsScope();
        var config = await work.ServiceProvider.GetRequiredService<IAppDbContext>().SystemConfig.AsNoTracking()
            .OrderBy(c => c.Id).FirstAsync(cancellationToken);
        var settings = new MetaAppSettings(config.MetaMessagingAppId, config.MetaMessagingAppSecret, config.MetaMessagingVerifyToken);
        known = new Known(settings, readAt);
        return settings;
    }

    private sealed record Known(MetaAppSettings Settings, long ReadAt);
}
