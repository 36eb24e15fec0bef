namespace MetaMessaging.Infrastructure.Maintenance;

/// <summary>Copies what the installation cannot be restored without, also while the app runs.</summary>
public static class Backup
{
    /// <summary>
    /// The database first, as one snapshot: the files that it names are on disk already, and the keys of its secrets exist. A file that is
    /// copied and that no row of the copy names is deleted after the restore, by the daily job that does so everywhere.
    /// </summary>
    /// <returns>What was copied, for the operator.</returns>
    /// <exception cref="UpkeepException">The folder cannot be used.</exception>
    public static async Task<string> BackUpAsync(this IServiceProvider services, string folder, CancellationToken cancellationToken)
    {
        var (installation, backup) = (InstallationFiles.Of(services), new BackupFolder(folder));
        Prepare(backup, installation);

        var createdAt = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var database = installation.DatabaseFile is { } file ? await CopyDatabaseAsync(file, backup.DatabaseFile, cancellationToken) : null;
        var media = installation.MediaFolder is { } folderOfMedia
            ? BackupFolder.Copy(folderOfMedia, backup.MediaFolder, cancellationToken)
            : BackedUpFiles.None;
        var keys = installation.HasKeysInDatabase
            ? BackedUpFiles.None
            : BackupFolder.Copy(installation.KeysFolder, backup.KeysFolder, cancellationToken);
        await backup.WriteAsync(new BackupDescription(createdAt, database, media, keys), cancellationToken);

        var copied = database is null
            ? "SQL Server backs up its database itself, with the keys in it."
            : $"The database has {Megabytes(database.Bytes)}.";
        var files = installation.MediaFolder is null
            ? "The media are in Azure Blob storage, and are not copied."
            : $"Files of media: {media.Files}, {Megabytes(media.Bytes)}.";
        return $"Backed up to {backup.Root}. {copied} {files} Keys: {keys.Files}.";
    }

    private static void Prepare(BackupFolder backup, InstallationFiles installation)
    {
        foreach (var own in new[] { installation.MediaFolder, installation.KeysFolder }.OfType<string>())
        {
            if ($"{backup.Root}/".StartsWith($"{own}/", StringComparison.Ordinal))
                throw new UpkeepException($"{backup.Root} lies within {own}, which is to be backed up. Name another folder.");
        }

        if (Directory.Exists(backup.Root) && Directory.EnumerateFileSystemEntries(backup.Root).Any())
            throw new UpkeepException($"{backup.Root} is not empty. Name a new folder for each backup.");
        PrivateFiles.CreateFolder(backup.Root);
    }

    private static async Task<BackedUpDatabase> CopyDatabaseAsync(string file, string target, CancellationToken cancellationToken)
    {
        if (!File.Exists(file)) throw new UpkeepException($"There is no database at {file}.");

        PrivateFiles.PrepareFile(target, "backup");
        string? lastMigration;
        await using (var source = Open(file, SqliteOpenMode.ReadWrite))
        await using (var copy = Open(target, SqliteOpenMode.ReadWrite))
        {
            await source.OpenAsync(cancellationToken);
            await copy.OpenAsync(cancellationToken);
            source.BackupDatabase(copy);   // in one step, which is one snapshot: writers go on meanwhile
            lastMigration = await LastMigrationAsync(copy, cancellationToken);
        }

        await using (var content = new FileStream(target, FileMode.Open, FileAccess.ReadWrite)) content.Flush(flushToDisk: true);
        return new BackedUpDatabase(
            await BackupFolder.HashAsync(target, cancellationToken), new FileInfo(target).Length,
            lastMigration ?? throw new UpkeepException($"{file} is not a database of MetaMessaging."));
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode) =>
        new(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ConnectionString);

    private static async Task<string?> LastMigrationAsync(SqliteConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=DELETE; SELECT max(\"migration_id\") FROM \"__EFMigrationsHistory\"";
        try
        {
            await using var result = await command.ExecuteReaderAsync(cancellationToken);
            await result.NextResultAsync(cancellationToken);   // past the answer of journal_mode
            return await result.ReadAsync(cancellationToken) ? result.GetValue(0) as string : null;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == 1)
        {
            return null;   // there is no such table
        }
    }

    private static string Megabytes(long bytes) => FormattableString.Invariant($"{bytes / 1024.0 / 1024.0:0.0} MB");
}
