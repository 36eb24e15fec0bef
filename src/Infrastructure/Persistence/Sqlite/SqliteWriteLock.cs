namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>
/// SQLite has one writer, and who meets it at work sleeps for up to a tenth of a second before looking again. Who waits here goes
/// on as soon as the other is done, in the order of asking; but what Meta sends goes first, so that it waits for one other at most,
/// however many want to write. SQL Server takes all of them at once.
/// </summary>
public sealed class SqliteWriteLock(DatabaseProvider provider) : IDisposable
{
    private readonly SemaphoreSlim? free = provider is DatabaseProvider.Sqlite ? new(1) : null;
    private readonly SemaphoreSlim? nextOfTheOthers = provider is DatabaseProvider.Sqlite ? new(1) : null;

    public Task<Taken> TakeAsync(bool first, CancellationToken cancellationToken) => first ? TakeAsync(null, cancellationToken) : TakeInLineAsync(cancellationToken);

    /// <summary>Goes first. For who has a thread of its own, so that nobody else is kept waiting.</summary>
    public Taken Take()
    {
        free?.Wait(CancellationToken.None);
        return new Taken(free, null);
    }

    public void Dispose()
    {
        free?.Dispose();
        nextOfTheOthers?.Dispose();
    }

    private async Task<Taken> TakeInLineAsync(CancellationToken cancellationToken)
    {
        if (nextOfTheOthers is not null) await nextOfTheOthers.WaitAsync(cancellationToken);
        try
        {
            return await TakeAsync(nextOfTheOthers, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            nextOfTheOthers?.Release();
            throw;
        }
    }

    private async Task<Taken> TakeAsync(SemaphoreSlim? line, CancellationToken cancellationToken)
    {
        if (free is not null) await free.WaitAsync(cancellationToken);
        return new Taken(free, line);
    }

    /// <summary>Given back when disposed.</summary>
    public readonly struct Taken(SemaphoreSlim? turn, SemaphoreSlim? line) : IDisposable
    {
        public void Dispose()
        {
            turn?.Release();
            line?.Release();
        }
    }
}
