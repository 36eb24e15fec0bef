namespace MetaMessaging.Application.Common;

/// <summary>
/// Deletes (or changes) any number of rows in transactions of about 20 ms, because SQLite has one writer, which also stores Meta's
/// deliveries. Which rows they are is read before each transaction; between two of them others write for half as long as the last one took.
/// </summary>
internal sealed class ChunkedDeletion(IAppDbContext db, TimeProvider clock) : IScopedService
{
    /// <summary>Rows differ in size and machines in speed: the next chunk's size follows from the time that the last one took.</summary>
    public static readonly TimeSpan TargetDuration = TimeSpan.FromMilliseconds(20);

    public const int MinChunkSize = 25;
    public const int FirstChunkSize = 100;

    /// <summary>Below 5,000 rows, where SQL Server escalates to a table lock.</summary>
    public const int MaxChunkSize = 2000;

    private int chunkSize = FirstChunkSize;
    private TimeSpan lastDuration;

    /// <param name="due">In the order of an index, so that what is left is found again without reading what was deleted.</param>
    public Task DeleteAsync<T>(IQueryable<T> due, DbSet<T> all, CancellationToken cancellationToken) where T : Entity =>
        DeleteAsync(due, (ids, token) => all.Where(row => ids.Contains(row.Id)).ExecuteDeleteAsync(token), cancellationToken);

    /// <inheritdoc cref="DeleteChunkAsync"/>
    public async Task DeleteAsync<T>(
        IQueryable<T> due, Func<List<long>, CancellationToken, Task> delete, CancellationToken cancellationToken,
        Func<List<long>, Task>? prepare = null) where T : Entity
    {
        while (await DeleteChunkAsync(due, delete, cancellationToken, prepare))
            await Task.Delay(lastDuration / 2, clock, cancellationToken);
    }

    /// <param name="delete">Runs in a transaction. After it, the rows are no longer due.</param>
    /// <param name="prepare">Runs before the transaction, for what belongs to the rows and is not in the database.</param>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> DeleteChunkAsync<T>(
        IQueryable<T> due, Func<List<long>, CancellationToken, Task> delete, CancellationToken cancellationToken,
        Func<List<long>, Task>? prepare = null) where T : Entity
    {
        var size = chunkSize;
        var ids = await due.Select(row => row.Id).Take(size).ToListAsync(cancellationToken);
        if (ids.Count == 0) return false;
        if (prepare is not null) await prepare(ids);

        var began = 0L;
        await db.SaveChangesAsync(
            token =>
            {
                began = clock.GetTimestamp();
                return delete(ids, token);
            },
            cancellationToken);
        lastDuration = clock.GetElapsedTime(began);
        chunkSize = NextChunkSize(size, lastDuration);
        return ids.Count == size;
    }

    /// <summary>At most twice the last one, because a short duration may be chance.</summary>
    internal static int NextChunkSize(int chunkSize, TimeSpan duration)
    {
        var factor = duration > TimeSpan.Zero ? Math.Min(TargetDuration / duration, 2) : 2;
        return Math.Clamp((int)(chunkSize * factor), MinChunkSize, MaxChunkSize);
    }
}
