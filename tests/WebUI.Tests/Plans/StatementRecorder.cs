using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MetaMessaging.WebUI.Tests;

/// <summary>Keeps each distinct statement that EF Core executes, with the parameters and the route or job of its first time.</summary>
/// <remarks>
/// PreparedSave, which passes it by, finds rows by primary key alone, and the writer of deliveries only inserts.
/// </remarks>
internal sealed class StatementRecorder : DbCommandInterceptor
{
    public ConcurrentDictionary<string, Recorded> Statements { get; } = new();

    /// <summary>What the test is calling; statements of jobs that run meanwhile have the name of that, too.</summary>
    public string Caller { get; set; } = "start";

    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) => Record(command, result);

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Record(command, result));

    public override InterceptionResult<int> NonQueryExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result) => Record(command, result);

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Record(command, result));

    public override InterceptionResult<object> ScalarExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result) => Record(command, result);

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Record(command, result));

    private InterceptionResult<T> Record<T>(DbCommand command, InterceptionResult<T> result)
    {
        Statements.TryAdd(command.CommandText, new Recorded(
            Caller, command.CommandText, [.. command.Parameters.Cast<DbParameter>().Select(p => (p.ParameterName, p.Value))]));
        return result;
    }
}

internal sealed record Recorded(string Caller, string Sql, IReadOnlyList<(string Name, object? Value)> Parameters);
