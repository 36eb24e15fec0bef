namespace MetaMessaging.Infrastructure;

/// <summary>
/// Folders and files that only the app's own user can read on Unix, because they hold customers' messages and the keys of stored secrets.
/// </summary>
internal static class PrivateFiles
{
    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnFolder = OwnFile | UnixFileMode.UserExecute;

    /// <summary>Creates the folder, or takes other users' access to it away, and writes a file to see that this is possible.</summary>
    /// <param name="key">The setting that the folder comes from.</param>
    /// <exception cref="SettingException">It cannot be created or written.</exception>
    public static void PrepareFolder(string path, string key) => Prepare(path, key, "folder", () =>
    {
        CreateFolder(path);
        Restrict(path, OwnFolder);
        TryWrite(path);
    });

    /// <summary>Writes a file into the folder and deletes it.</summary>
    /// <exception cref="IOException">The folder does not exist, or the disk is full.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public static void TryWrite(string folder)
    {
        var probe = Path.Combine(folder, $".{Guid.NewGuid():N}");
        File.WriteAllBytes(probe, [0]);
        File.Delete(probe);
    }

    /// <summary>Creates the file and its folder, or takes others' access to the file away. A folder that exists stays as it is.</summary>
    /// <param name="companions">Endings of files beside it that hold the same data.</param>
    /// <exception cref="SettingException">It cannot be created or written.</exception>
    public static void PrepareFile(string path, string key, params IEnumerable<string> companions) => Prepare(path, key, "file", () =>
    {
        CreateFolder(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnFile;
        new FileStream(path, options).Dispose();
        Restrict(path, OwnFile);
        foreach (var companion in companions.Select(ending => path + ending).Where(File.Exists))
        {
            try
            {
                Restrict(companion, OwnFile);
            }
            catch (FileNotFoundException)
            {
                // Another process has just closed the database, which deletes them.
            }
        }
    });

    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnFolder);
    }

    private static void Prepare(string path, string key, string kind, Action prepare)
    {
        try
        {
            prepare();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SettingException($"{key}: the {kind} {path} cannot be written: {exception.Message}", exception);
        }
    }

    private static void Restrict(string path, UnixFileMode access)
    {
        if (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & ~access) == 0) return;
        try
        {
            File.SetUnixFileMode(path, access);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It belongs to another user, as a mounted volume may, or the file system has no such modes: its owner decides.
        }
    }
}
