using System.Security.Cryptography;

namespace MetaMessaging.Infrastructure.Maintenance;

/// <summary>A folder with a copy of the database (SQLite), of the media and of the keys. Its description is written last: without one, the
/// backup is not complete.</summary>
internal sealed class BackupFolder(string path)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public string Root { get; } = Path.GetFullPath(path);

    public string DatabaseFile => Path.Combine(Root, "metamessaging.db");

    public string MediaFolder => Path.Combine(Root, "media");

    public string KeysFolder => Path.Combine(Root, "keys");

    private string DescriptionFile => Path.Combine(Root, "backup.json");

    public async Task<BackupDescription> ReadAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(DescriptionFile))
            throw new UpkeepException($"{Root} is not a complete backup: it has no {Path.GetFileName(DescriptionFile)}.");

        try
        {
            await using var file = File.OpenRead(DescriptionFile);
            return (await JsonSerializer.DeserializeAsync<BackupDescription>(file, Json, cancellationToken))!;
        }
        catch (JsonException exception)
        {
            throw new UpkeepException($"{DescriptionFile} cannot be read: {exception.Message}", exception);
        }
    }

    public async Task WriteAsync(BackupDescription description, CancellationToken cancellationToken)
    {
        await using var file = File.Create(DescriptionFile);
        await JsonSerializer.SerializeAsync(file, description, Json, cancellationToken);
        file.Flush(flushToDisk: true);
    }

    public static async Task<string> HashAsync(string file, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
    }

    /// <summary>Copies all files but those that are just being written (.incoming). One that disappears meanwhile was erased.</summary>
    public static BackedUpFiles Copy(string from, string to, CancellationToken cancellationToken)
    {
        PrivateFiles.CreateFolder(to);
        var (count, bytes) = (0, 0L);
        if (!Directory.Exists(from)) return new BackedUpFiles(count, bytes);

        foreach (var file in new DirectoryInfo(from).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = Path.GetRelativePath(from, file.FullName);
            if (name.StartsWith('.')) continue;

            var target = Path.Combine(to, name);
            PrivateFiles.CreateFolder(Path.GetDirectoryName(target)!);
            try
            {
                file.CopyTo(target);
            }
            catch (FileNotFoundException)
            {
                continue;
            }

            (count, bytes) = (count + 1, bytes + new FileInfo(target).Length);
        }

        return new BackedUpFiles(count, bytes);
    }
}

/// <summary>backup.json.</summary>
/// <param name="Database">Null with SQL Server, which backs itself up.</param>
/// <param name="CreatedAt">What was committed before is in the backup.</param>
internal sealed record BackupDescription(
    DateTimeOffset CreatedAt, BackedUpDatabase? Database, BackedUpFiles Media, BackedUpFiles Keys);

/// <param name="Sha256">Of the file, in lower-case hexadecimal digits.</param>
internal sealed record BackedUpDatabase(string Sha256, long Bytes, string LastMigration);

internal sealed record BackedUpFiles(int Files, long Bytes)
{
    public static readonly BackedUpFiles None = new(0, 0);
}
