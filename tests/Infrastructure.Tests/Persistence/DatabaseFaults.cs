using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MetaMessaging.Infrastructure.Tests.Persistence;

/// <summary>Throws each exception once.</summary>
internal sealed class DatabaseFaults : DbCommandInterceptor, IDbTransactionInterceptor, IDbConnectionInterceptor
{
    /// <summary>Null lets a command pass.</summary>
    public ConcurrentQueue<Exception?> NextCommands { get; } = [];

    public Exception? NextBegin { get; set; }

    public Exception? NextCommitting { get; set; }

    public Exception? NextCommitted { get; set; }

    public Func<Task>? AfterRollback { get; set; }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken) =>
        NextCommands.TryDequeue(out var exception) && exception is not null ? throw exception : ValueTask.FromResult(result);

    public ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result,
        CancellationToken cancellationToken) => Pass(result, (NextBegin, NextBegin = null).Item1);

    public ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken) =>
        Pass(result, (NextCommitting, NextCommitting = null).Item1);

    public async Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken) =>
        await Pass(0, (NextCommitted, NextCommitted = null).Item1);

    /// <summary>A transaction whose commit failed is disposed, and its connection closed after it.</summary>
    public async Task ConnectionClosedAsync(DbConnection connection, ConnectionEndEventData eventData)
    {
        if (NextCommitting is not null || (AfterRollback, AfterRollback = null).Item1 is not { } act) return;
        await act();
    }

    private static ValueTask<T> Pass<T>(T result, Exception? exception) =>
        exception is null ? ValueTask.FromResult(result) : throw exception;
}
