namespace MetaMessaging.Infrastructure.Media;

/// <summary>Files in a folder, under random names. A file appears under its key only when it is complete.</summary>
internal sealed partial class MediaStore(IOptions<MediaOptions> options, TimeProvider clock) : IMediaStore
{
    private const string NotWritableReason = "The folder of media cannot be written.";

    private static readonly TimeSpan DraftLifetime = TimeSpan.FromDays(1);

    private readonly string root = Path.GetFullPath(options.Value.StoragePath);
    private int hasDeletedAbandoned;

    public string? FindProblem()
    {
        try
        {
            PrivateFiles.TryWrite(root);
            return null;
        }
        catch (DirectoryNotFoundException)
        {
            return "The folder of media does not exist.";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return NotWritableReason;
        }
    }

    public Stream? OpenRead(string key)
    {
        if (PathOf(key) is not { } path) return null;

        try
        {
            return new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 4096, FileOptions.Asynchronous);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void Delete(string key)
    {
        if (PathOf(key) is { } path && File.Exists(path)) File.Delete(path);
    }

    public IReadOnlyList<string> KeysOf(int year, int month, DateTimeOffset keptBefore)
    {
        var folder = new DirectoryInfo(Path.Combine(root, FolderOf(year, month)));
        return !folder.Exists ? [] :
        [
            .. folder.EnumerateFiles().Where(f => f.LastWriteTimeUtc < keptBefore.UtcDateTime)
                .Select(f => $"{FolderOf(year, month)}/{f.Name}").Where(key => Key().IsMatch(key)),
        ];
    }

    /// <summary>Begins a file. It gets a key when it is complete, and is deleted when it is disposed before that.</summary>
    public MediaDraft Begin()
    {
        try
        {
            var incoming = Path.Combine(root, ".incoming");
            Directory.CreateDirectory(incoming);
            if (Interlocked.Exchange(ref hasDeletedAbandoned, 1) == 0) DeleteAbandoned(incoming);
            return new MediaDraft(this, Path.Combine(incoming, Guid.NewGuid().ToString("N")));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(exception);
        }
    }

    internal static UnavailableException NotWritable(Exception exception) =>
        UnavailableException.OfStorage(NotWritableReason, exception);

    internal string Keep(string draft)
    {
        var now = clock.GetUtcNow();
        var key = $"{FolderOf(now.Year, now.Month)}/{Guid.NewGuid():N}";
        var path = PathOf(key)!;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Move(draft, path);
        return key;
    }

    private static string FolderOf(int year, int month) => FormattableString.Invariant($"{year:0000}/{month:00}");

    /// <summary>Checks the key's format, so that no key can point outside the folder.</summary>
    private string? PathOf(string key) => Key().IsMatch(key) ? Path.Combine(root, key) : null;

    private void DeleteAbandoned(string incoming)
    {
        var before = (clock.GetUtcNow() - DraftLifetime).UtcDateTime;
        foreach (var file in new DirectoryInfo(incoming).EnumerateFiles().Where(f => f.LastWriteTimeUtc < before)) file.Delete();
    }

    [GeneratedRegex(@"^[0-9]{4}/[0-9]{2}/[0-9a-f]{32}\z")]
    private static partial Regex Key();
}

internal sealed class MediaDraft(MediaStore store, string path) : IAsyncDisposable
{
    public FileStream Content { get; } = Create(path);

    /// <exception cref="UnavailableException">The disk is full.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await Content.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException exception)
        {
            throw MediaStore.NotWritable(exception);
        }
    }

    /// <returns>The key of the complete file, which is on disk by then.</returns>
    /// <exception cref="UnavailableException">The disk is full, or the folder cannot be written.</exception>
    public async Task<string> KeepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Content.FlushAsync(cancellationToken);
            Content.Flush(flushToDisk: true);
            await Content.DisposeAsync();
            return store.Keep(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw MediaStore.NotWritable(exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync();
        File.Delete(path);   // does nothing when the file was kept
    }

    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Delete, Options = FileOptions.Asynchronous,
            BufferSize = 0,   // what cannot be written fails at once, and not when the file is disposed
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;   // private pictures
        return new FileStream(path, options);
    }
}
