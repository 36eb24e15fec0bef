namespace MetaMessaging.Infrastructure.Maintenance;

/// <summary>
/// Brings a backup into an installation that has no data yet. The database gets its name last: until then the app would start empty, and
/// nothing is sent before <see cref="Application.Maintenance.FailRestoredSends"/> has run.
/// </summary>
public sealed class Restore
{
    private readonly BackupFolder backup;
    private readonly InstallationFiles installation;

    private Restore(BackupFolder backup, InstallationFiles installation)
    {
        this.backup = backup;
        this.installation = installation;
    }

    /// <summary>Where the database is prepared. Null with SQL Server, where it is in place already.</summary>
    private string? StagedFile => installation.DatabaseFile is { } file ? $"{file}.restoring" : null;

    /// <summary>Settings for an app that works on the copied database; none with SQL Server.</summary>
    public IReadOnlyList<string> StagedSettings => StagedFile is { } file
        ? [$"--ConnectionStrings:Database={new SqliteConnectionStringBuilder { DataSource = file }}"]
        : [];

    /// <summary>Copies keys, media and database, and checks that the database is the one that was backed up.</summary>
    /// <param name="services">Of the installation that is restored.</param>
    /// <exception cref="UpkeepException">The folder holds no complete backup, or the installation has data.</exception>
    public static async Task<Restore> CopyAsync(IServiceProvider services, string folder, CancellationToken cancellationToken)
    {
        var restore = new Restore(new BackupFolder(folder), InstallationFiles.Of(services));
        var description = await restore.backup.ReadAsync(cancellationToken);
        restore.EnsureEmpty(description);
        if (restore.installation.MediaFolder is null) restore.FilesLeft = description.Media.Files;
        await restore.CopyAsync(description, cancellationToken);
        return restore;
    }

    /// <summary>How many files of media the backup has that were not copied, because this installation keeps them in Azure.</summary>
    public int FilesLeft { get; private set; }

    /// <summary>Gives the database its name. The app that has worked on it is disposed by then.</summary>
    public void Complete()
    {
        if (StagedFile is not { } staged) return;

        SqliteConnection.ClearAllPools();   // the last connection copies the write-ahead log into the file, and deletes it
        foreach (var companion in (string[])["-wal", "-shm"])
        {
            if (File.Exists(staged + companion)) throw new UpkeepException($"Another program has opened {staged}.");
        }

        File.Delete($"{staged}-migrating");
        File.Move(staged, installation.DatabaseFile!);
    }

    private void EnsureEmpty(BackupDescription description)
    {
        if (description.Database is null != installation.DatabaseFile is null)
            throw new UpkeepException($"The backup is one of {Provider(description.Database is null)}, and Database:Provider is "
                + $"{Provider(installation.DatabaseFile is null)}.");
        if (installation.DatabaseFile is { } file && File.Exists(file)) throw NotEmpty(file);
        var usesKeysFolder = !installation.HasKeysInDatabase || description.Keys != BackedUpFiles.None;
        foreach (var folder in new[] { installation.MediaFolder, usesKeysFolder ? installation.KeysFolder : null }.OfType<string>())
        {
            if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()) throw NotEmpty(folder);
        }
    }

    private static UpkeepException NotEmpty(string path) =>
        new($"{path} exists. A restore replaces nothing: stop the app and move its database, media and keys away first.");

    private static string Provider(bool isSqlServer) => isSqlServer ? "SQL Server" : "SQLite";

    private async Task CopyAsync(BackupDescription description, CancellationToken cancellationToken)
    {
        EnsureSame("keys", description.Keys, BackupFolder.Copy(backup.KeysFolder, installation.KeysFolder, cancellationToken));
        if (installation.MediaFolder is { } media)
            EnsureSame("files of media", description.Media, BackupFolder.Copy(backup.MediaFolder, media, cancellationToken));
        if (StagedFile is not { } staged) return;

        PrivateFiles.CreateFolder(Path.GetDirectoryName(staged)!);
        File.Copy(backup.DatabaseFile, staged, overwrite: true);
        if (await BackupFolder.HashAsync(staged, cancellationToken) != description.Database!.Sha256)
            throw new UpkeepException($"{backup.DatabaseFile} is not what was backed up: it has been changed or damaged since.");
    }

    private void EnsureSame(string what, BackedUpFiles backedUp, BackedUpFiles copied)
    {
        if (copied == backedUp) return;
        throw new UpkeepException(
            $"{backup.Root} had {backedUp.Files} {what} ({backedUp.Bytes} bytes), and has {copied.Files} ({copied.Bytes} bytes) now.");
    }
}
