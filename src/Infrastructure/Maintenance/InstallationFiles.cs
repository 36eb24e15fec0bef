using MetaMessaging.Infrastructure.Media;
using MetaMessaging.Infrastructure.Persistence;

namespace MetaMessaging.Infrastructure.Maintenance;

/// <summary>Where this installation keeps what a backup holds.</summary>
/// <param name="DatabaseFile">Null with SQL Server.</param>
/// <param name="KeysFolder">The next start copies what is in it into the database when that has the keys.</param>
internal sealed record InstallationFiles(string? DatabaseFile, string MediaFolder, string KeysFolder, bool HasKeysInDatabase)
{
    public static InstallationFiles Of(IServiceProvider services) => new(
        services.GetRequiredService<IOptions<DatabaseOptions>>().Value.SqliteFile(),
        Path.GetFullPath(services.GetRequiredService<IOptions<MediaOptions>>().Value.StoragePath),
        services.GetRequiredService<KeyOptions>().Folder,
        services.GetRequiredService<KeyOptions>().AreInDatabase);
}
