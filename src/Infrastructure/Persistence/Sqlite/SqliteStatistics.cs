namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Counts a sample of each index, one table at a time: a write transaction of 1 to 7 ms, whatever the table's size.</summary>
internal sealed class SqliteStatistics(AppDbContext db, SqliteWriteLock writeLock) : IPlannerStatistics
{
    /// <summary>Rows that are read of an index, and about the most that it takes a value to have. A full count of a million messages takes
    /// a second, and chooses the same indexes.</summary>
    private const int SampleSize = 1000;

    /// <summary>Connections that are open take up the figures when they are opened anew.</summary>
    public async Task UpdateAsync(CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        try
        {
            foreach (var table in db.Model.GetRelationalModel().Tables)
            {
                command.CommandText = FormattableString.Invariant($"PRAGMA analysis_limit={SampleSize}; ANALYZE \"{table.Name}\"");
                using var heldLock = await writeLock.TakeAsync(hasPriority: false, cancellationToken);
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }
}
