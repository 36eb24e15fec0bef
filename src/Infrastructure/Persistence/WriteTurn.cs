namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>
/// SQLite has one writer, and who meets it at work sleeps for up to a tenth of a second before looking again. Who waits here goes
/// on, in the order of asking, as soon as the other is done. SQL Server takes all of them at once.
/// </summary>
public sealed class WriteTurn(DatabaseProvider provider) : IDisposable
{
    private readonly SemaphoreSlim? free = provider is DatabaseProvider.Sqlite ? new(1) : null;

    public async Task<Taken> TakeAsync(CancellationToken cancellationToken)
    {
        if (free is not null) await free.WaitAsync(cancellationToken);
        return new Taken(free);
    }

    /// <summary>For who has a thread of its own, so that nobody else is kept waiting.</summary>
    public Taken Take()
    {
        free?.Wait(CancellationToken.None);
        return new Taken(free);
    }

    public void Dispose() => free?.Dispose();

    /// <summary>Given back when disposed.</summary>
    public readonly struct Taken(SemaphoreSlim? turn) : IDisposable
    {
        public void Dispose() => turn?.Release();
    }
}
