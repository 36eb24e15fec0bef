namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Writers wait for each other here instead of in SQLite, which lets them sleep for up to 100 ms between tries. They get the lock
/// in the order in which they ask; one with priority, which stores what Meta sends, waits for one other at most.</summary>
public sealed class SqliteWriteLock(DatabaseProvider provider) : IDisposable
{
    private readonly SemaphoreSlim? writer = provider is DatabaseProvider.Sqlite ? new(1) : null;

    /// <summary>Held by the one writer without priority that may wait for <see cref="writer"/>.</summary>
    private readonly SemaphoreSlim? queue = provider is DatabaseProvider.Sqlite ? new(1) : null;

    public Task<Taken> TakeAsync(bool hasPriority, CancellationToken cancellationToken) =>
        hasPriority ? TakeWriterAsync(null, cancellationToken) : TakeQueuedAsync(cancellationToken);

    /// <summary>With priority. Blocks the thread, so it is for callers that have one of their own.</summary>
    public Taken Take()
    {
        writer?.Wait(CancellationToken.None);
        return new Taken(writer, null);
    }

    public void Dispose()
    {
        writer?.Dispose();
        queue?.Dispose();
    }

    private async Task<Taken> TakeQueuedAsync(CancellationToken cancellationToken)
    {
        if (queue is not null) await queue.WaitAsync(cancellationToken);
        try
        {
            return await TakeWriterAsync(queue, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            queue?.Release();
            throw;
        }
    }

    private async Task<Taken> TakeWriterAsync(SemaphoreSlim? heldQueue, CancellationToken cancellationToken)
    {
        if (writer is not null) await writer.WaitAsync(cancellationToken);
        return new Taken(writer, heldQueue);
    }

    public readonly struct Taken(SemaphoreSlim? writer, SemaphoreSlim? queue) : IDisposable
    {
        public void Dispose()
        {
            writer?.Release();
            queue?.Release();
        }
    }
}
