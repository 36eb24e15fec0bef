namespace MetaMessaging.Infrastructure;

/// <summary>
/// Wakes a worker that waits for work. Signals that are set while the worker is busy count as one; a signal that is lost loses no
/// work, because the rows are the queue and the worker looks for them in intervals, too.
/// </summary>
internal sealed class WakeUpSignal : IDisposable
{
    private readonly SemaphoreSlim semaphore = new(0, 1);

    public void Set()
    {
        if (semaphore.CurrentCount > 0) return;
        try
        {
            semaphore.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another thread has set it at the same time.
        }
    }

    public Task WaitAsync(TimeSpan maxWait, CancellationToken cancellationToken) => semaphore.WaitAsync(maxWait, cancellationToken);

    public void Dispose() => semaphore.Dispose();
}
