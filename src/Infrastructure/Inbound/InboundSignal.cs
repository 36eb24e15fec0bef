namespace MetaMessaging.Infrastructure.Inbound;

/// <summary>Wakes the pump. Several rings before it listens are one.</summary>
internal sealed class InboundSignal : IDisposable
{
    private readonly SemaphoreSlim bell = new(0, 1);

    public void Set()
    {
        try
        {
            bell.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is ringing already.
        }
    }

    public Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => bell.WaitAsync(atMost, cancellationToken);

    public void Dispose() => bell.Dispose();
}
