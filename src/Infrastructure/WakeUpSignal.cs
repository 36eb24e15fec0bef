namespace MetaMessaging.Infrastructure;

/// <summary>Wakes a worker. Signals set while it is busy count as one; a lost one loses no work, because it polls the rows, too.</summary>
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

    /// <returns>Whether it was set.</returns>
    public Task<bool> WaitAsync(TimeSpan maxWait, CancellationToken cancellationToken) => semaphore.WaitAsync(maxWait, cancellationToken);

    public void Dispose() => semaphore.Dispose();
}
