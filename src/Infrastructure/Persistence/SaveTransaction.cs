using System.Runtime.ExceptionServices;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;

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
        var written = FindWritten();
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
                failure = ExceptionDispatchInfo.Capture(new CommitInDoubtException(exception));
            }
        }

        return written is { } sample && await IsStoredAsync(sample.Row, sample.Columns) ? null : failure;
    }

    /// <summary>A row that shows afterwards whether it was written: a new one by its id, which is never given twice, or a changed one by
    /// its version and all that was changed: another node may have given its own change the same version.</summary>
    private (EntityEntry Row, IReadOnlyList<IProperty> Columns)? FindWritten()
    {
        var entries = db.ChangeTracker.Entries();
        if (entries.FirstOrDefault(e => e is { State: EntityState.Added, Entity: Entity }) is { } added) return (added, []);
        return entries.FirstOrDefault(e => e is { State: EntityState.Modified, Entity: IVersioned }) is { } changed
            ? (changed, [.. changed.Properties.Where(p => p.IsModified).Select(p => p.Metadata)])
            : null;
    }

    private static async Task<bool> IsStoredAsync(EntityEntry row, IReadOnlyList<IProperty> columns)
    {
        try
        {
            return await row.GetDatabaseValuesAsync(CancellationToken.None) is { } stored
                && columns.All(c => c.GetValueComparer().Equals(stored[c], row.CurrentValues[c]));
        }
        catch (Exception exception) when (StorageFailure.ReasonOf(exception) is not null)
        {
            return false;   // the caller hears of the failed commit
        }
    }
}
