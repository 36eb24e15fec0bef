using MetaMessaging.Infrastructure.Media;
using MetaMessaging.Infrastructure.Persistence;

namespace MetaMessaging.Infrastructure.Maintenance;

/// <summary>Where this installation keeps what a backup holds.</summary>
/// <param name="DatabaseFile">Null with SQL Server.</param>
internal sealed record InstallationFiles(string? DatabaseFile, string MediaFolder, string KeysFolder)
{
    public static InstallationFiles Of(IServiceProvider services) => new(
        services.GetRequiredService<IOptions<DatabaseOptions>>().Value.SqliteFile(),
        Path.GetFullPath(services.GetRequiredService<IOptions<MediaOptions>>().Value.StoragePath),
        Path.GetFullPath(PersistenceRegistration.KeysPathIn(services.GetRequiredService<IConfiguration>())));
}
