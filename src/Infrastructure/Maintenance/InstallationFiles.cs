using MetaMessaging.Infrastructure.Media;
using MetaMessaging.Infrastructure.Persistence;

namespace MetaMessaging.Infrastructure.Maintenance;

/// <summary>Where this installation keeps what a backup holds.</summary>
/// <param name="DatabaseFile">Null with SQL Server.</param>
/// <param name="KeysFolder">The next start copies what is in it into the database when that has the keys.</param>
/// <param name="MediaFolder">Null when the media are in Azure, which looks after them.</param>
internal sealed record InstallationFiles(string? DatabaseFile, string? MediaFolder, string KeysFolder, bool HasKeysInDatabase)
{
    public static InstallationFiles Of(IServiceProvider services) => new(
        services.GetRequiredService<IOptions<DatabaseOptions>>().Value.SqliteFile(),
        services.GetRequiredService<IOptions<MediaOptions>>().Value is { Provider: MediaProvider.FileSystem } media
            ? Path.GetFullPath(media.StoragePath) : null,
        services.GetRequiredService<KeyOptions>().Folder,
        services.GetRequiredService<KeyOptions>().AreInDatabase);
}
