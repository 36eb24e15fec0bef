namespace MetaMessaging.Infrastructure.Media;

/// <summary>A file that is being written: it is complete, then published under its key, then kept.</summary>
internal abstract class MediaDraft(string key) : IAsyncDisposable
{
    public string Key => key;

    public long Length { get; private set; }

    protected bool IsKept { get; private set; }

    /// <exception cref="UnavailableException">The disk is full, or the store cannot be reached.</exception>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await AppendAsync(bytes, cancellationToken);
        Length += bytes.Length;
    }

    /// <summary>Ends writing. All bytes are stored by then.</summary>
    /// <exception cref="UnavailableException">The disk is full, or the store cannot be reached.</exception>
    public abstract Task CompleteAsync(CancellationToken cancellationToken);

    /// <summary>Reads the complete file.</summary>
    public abstract Task<Stream> OpenReadAsync(CancellationToken cancellationToken);

    /// <summary>Gives the complete file its key, at once, since it runs within a transaction.</summary>
    /// <exception cref="UnavailableException">The folder cannot be written.</exception>
    public abstract void Publish();

    public void Keep() => IsKept = true;

    public abstract ValueTask DisposeAsync();

    protected abstract Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}
