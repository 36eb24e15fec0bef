using System.Runtime.ExceptionServices;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace MetaMessaging.Infrastructure.Persistence;

/// <summary>Runs a save in a transaction of its own, under the execution strategy of the database. A commit whose answer was lost is not
/// repeated: what it has written shows whether it took place.</summary>
internal sealed class SaveTransaction(DbContext db)
{
    /// <param name="canRepeat">Otherwise only the beginning is repeated, when the connection turns out to be lost.</param>
    public async Task RunAsync(Func<CancellationToken, Task> write, bool canRepeat, CancellationToken cancellationToken)
    {
        var failure = await db.Database.CreateExecutionStrategy().ExecuteAsync(
            token => TryAsync(write, canRepeat, token), cancellationToken);
        failure?.Throw();
    }

    /// <returns>The exception that must not lead to a repetition.</returns>
    private async Task<ExceptionDispatchInfo?> TryAsync(
        Func<CancellationToken, Task> write, bool canRepeat, CancellationToken cancellationToken)
    {
        var written = FindVersioned();
        ExceptionDispatchInfo failure;
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            try
            {
                await write(cancellationToken);
            }
            catch (Exception exception) when (!canRepeat)
            {
                return ExceptionDispatchInfo.Capture(exception);
            }

            try
            {
                await transaction.CommitAsync(cancellationToken);
                return null;
            }
            catch (Exception exception) when (StorageFailure.ReasonOf(exception) is not null)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        }

        return written is not null && await IsStoredAsync(written) ? null : failure;
    }

    /// <summary>A row that shows afterwards whether it was written: a new one by its id, which is never given twice,
    /// or one with a version.</summary>
    private EntityEntry? FindVersioned()
    {
        var entries = db.ChangeTracker.Entries();
        return entries.FirstOrDefault(e => e is { State: EntityState.Added, Entity: Entity })
            ?? entries.FirstOrDefault(e => e is { State: EntityState.Modified, Entity: IVersioned });
    }

    private async Task<bool> IsStoredAsync(EntityEntry written)
    {
        var sql = $"SELECT COUNT(*) AS {Quote("Value")} FROM {Quote(written.Metadata.GetTableName()!)} WHERE id = {{0}}";
        var values = new List<object> { written.Property(nameof(Entity.Id)).CurrentValue! };
        if (written.Entity is IVersioned)
        {
            sql += " AND version >= {1}";
            values.Add(written.Property(nameof(IVersioned.Version)).CurrentValue!);
        }

        try
        {
            return await db.Database.SqlQueryRaw<int>(sql, [.. values]).SingleAsync(CancellationToken.None) > 0;
        }
        catch (Exception exception) when (StorageFailure.ReasonOf(exception) is not null)
        {
            return false;   // the caller hears of the failed commit
        }
    }

    private static string Quote(string name) => $"\"{name}\"";
}
