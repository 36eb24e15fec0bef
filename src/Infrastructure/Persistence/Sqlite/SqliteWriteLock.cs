using System.Diagnostics;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Writers wait for each other here instead of in SQLite, which lets them sleep for up to 100 ms between tries. They get the lock
/// in the order in which they ask; one with priority, which stores what Meta sends, waits for one other at most.</summary>
public sealed class SqliteWriteLock(DatabaseProvider provider) : IDisposable
{
    /// <summary>With SQLite's own wait (<see cref="SqlitePragmas"/>) a writer behind a locked database gives up after 9 s.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim? writer = provider is DatabaseProvider.Sqlite ? new(1) : null;

    /// <summary>Held by the one writer without priority that may wait for <see cref="writer"/>.</summary>
    private readonly SemaphoreSlim? queue = provider is DatabaseProvider.Sqlite ? new(1) : null;

    private int waiting;

    /// <summary>Whether another writer waits for the one that holds the lock.</summary>
    public bool HasWaiters => Volatile.Read(ref waiting) > 0;

    /// <exception cref="TimeoutException">Others have held it for <see cref="MaxWait"/>.</exception>
    public Task<Scope> TakeAsync(bool hasPriority, CancellationToken cancellationToken) =>
        TakeAsync(hasPriority, MaxWait, cancellationToken);

    public Task<Scope> TakeAsync(bool hasPriority, TimeSpan maxWait, CancellationToken cancellationToken) =>
        hasPriority ? TakeWriterAsync(null, maxWait, cancellationToken) : TakeQueuedAsync(maxWait, cancellationToken);

    /// <summary>With priority. Blocks the thread, so it is for callers that have one of their own.</summary>
    /// <exception cref="TimeoutException">Another writer has held it for <see cref="MaxWait"/>.</exception>
    public Scope Take()
    {
        Interlocked.Increment(ref waiting);
        try
        {
            if (writer is not null && !writer.Wait(MaxWait, CancellationToken.None)) throw new StorageTimeoutException();
            return new Scope(writer, null);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    public void Dispose()
    {
        writer?.Dispose();
        queue?.Dispose();
    }

    private async Task<Scope> TakeQueuedAsync(TimeSpan maxWait, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await WaitAsync(queue, maxWait, cancellationToken);
        try
        {
            return await TakeWriterAsync(queue, maxWait - Stopwatch.GetElapsedTime(started), cancellationToken);
        }
        catch
        {
            queue?.Release();
            throw;
        }
    }

    private async Task<Scope> TakeWriterAsync(SemaphoreSlim? heldQueue, TimeSpan maxWait, CancellationToken cancellationToken)
    {
        await WaitAsync(writer, maxWait, cancellationToken);
        return new Scope(writer, heldQueue);
    }

    private async Task WaitAsync(SemaphoreSlim? semaphore, TimeSpan maxWait, CancellationToken cancellationToken)
    {
        if (semaphore is null) return;
        Interlocked.Increment(ref waiting);
        try
        {
            if (!await semaphore.WaitAsync(maxWait > TimeSpan.Zero ? maxWait : TimeSpan.Zero, cancellationToken))
                throw new StorageTimeoutException();
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    public readonly struct Scope(SemaphoreSlim? writer, SemaphoreSlim? queue) : IDisposable
    {
        public void Dispose()
        {
            writer?.Release();
            queue?.Release();
        }
    }
}
