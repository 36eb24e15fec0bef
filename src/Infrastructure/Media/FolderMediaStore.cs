namespace MetaMessaging.Infrastructure.Media;

/// <summary>Files in a folder, which may be one that several nodes share. A file appears under its key only when it is complete.</summary>
internal sealed class FolderMediaStore(IOptions<MediaOptions> options, TimeProvider clock) : MediaStore(clock)
{
    private const string NotWritableReason = "The folder of media cannot be written.";

    private static readonly TimeSpan DraftLifetime = TimeSpan.FromDays(1);

    private readonly TimeProvider clock = clock;
    private readonly string root = Path.GetFullPath(options.Value.StoragePath);
    private int hasDeletedAbandoned;

    public override Task PrepareAsync(CancellationToken cancellationToken)
    {
        PrivateFiles.PrepareFolder(root, "Storage:Path");
        return Task.CompletedTask;
    }

    public override Task<string?> FindProblemAsync(CancellationToken cancellationToken) => Task.FromResult(FindProblem());

    public override Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken)
    {
        if (!IsKey(key)) return Task.FromResult<Stream?>(null);

        try
        {
            return Task.FromResult<Stream?>(Open(PathOf(key)));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    public override Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        foreach (var path in keys.Where(IsKey).Select(PathOf).Where(File.Exists)) File.Delete(path);
        return Task.CompletedTask;
    }

    public override Task<IReadOnlyList<string>> ListKeysAsync(
        int year, int month, DateTimeOffset keptBefore, CancellationToken cancellationToken)
    {
        var folder = new DirectoryInfo(Path.Combine(root, FolderOf(year, month)));
        return Task.FromResult<IReadOnlyList<string>>(!folder.Exists ? [] :
        [
            .. folder.EnumerateFiles().Where(f => f.LastWriteTimeUtc < keptBefore.UtcDateTime)
                .Select(f => $"{FolderOf(year, month)}/{f.Name}").Where(IsKey),
        ]);
    }

    public override MediaDraft Begin()
    {
        try
        {
            var incoming = Path.Combine(root, ".incoming");
            Directory.CreateDirectory(incoming);
            if (Interlocked.Exchange(ref hasDeletedAbandoned, 1) == 0) DeleteAbandoned(incoming);
            var key = NewKey();
            return new FolderDraft(key, Path.Combine(incoming, Guid.NewGuid().ToString("N")), PathOf(key));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(exception);
        }
    }

    private string? FindProblem()
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

    private static UnavailableException NotWritable(Exception exception) => UnavailableException.OfStorage(NotWritableReason, exception);

    private static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 4096, FileOptions.Asynchronous);

    private string PathOf(string key) => Path.Combine(root, key);

    private void DeleteAbandoned(string incoming)
    {
        var before = (clock.GetUtcNow() - DraftLifetime).UtcDateTime;
        foreach (var file in new DirectoryInfo(incoming).EnumerateFiles().Where(f => f.LastWriteTimeUtc < before)) file.Delete();
    }

    private sealed class FolderDraft(string key, string draft, string path) : MediaDraft(key)
    {
        private readonly FileStream content = Create(draft);

        public override async Task CompleteAsync(CancellationToken cancellationToken)
        {
            try
            {
                await content.FlushAsync(cancellationToken);
                content.Flush(flushToDisk: true);
                await content.DisposeAsync();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw NotWritable(exception);
            }
        }

        public override Task<Stream> OpenReadAsync(CancellationToken cancellationToken) => Task.FromResult<Stream>(Open(draft));

        public override void Publish()
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.Move(draft, path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw NotWritable(exception);
            }
        }

        public override async ValueTask DisposeAsync()
        {
            await content.DisposeAsync();
            if (IsKept) return;
            File.Delete(draft);
            if (File.Exists(path)) File.Delete(path);   // published, but its row was not saved
        }

        protected override async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            try
            {
                await content.WriteAsync(bytes, cancellationToken);
            }
            catch (IOException exception)
            {
                throw NotWritable(exception);
            }
        }

        private static FileStream Create(string path)
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Delete, Options = FileOptions.Asynchronous,
                BufferSize = 0,   // what cannot be written fails at once, and not when the file is disposed
            };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;   // private pictures
            return new FileStream(path, options);
        }
    }
}
