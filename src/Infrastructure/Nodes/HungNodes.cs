using MetaMessaging.Infrastructure.Persistence;
using Microsoft.Data.SqlClient;

namespace MetaMessaging.Infrastructure.Nodes;

/// <summary>A process that stands still keeps its connections, and its open transactions keep their locks: SQL Server has no limit for
/// that. The other nodes end them when its leases have expired, if their login may (docs/adr/0013).</summary>
internal sealed partial class HungNodes(NodeRegistry registry, ILogger<HungNodes> logger)
{
    /// <summary>Sessions that wait for their client within a transaction; a node that runs sends its next statement at once.</summary>
    private const string FindSessions = """
        SELECT CAST(session_id AS int) AS session_id, host_name AS host, host_process_id AS process_id
        FROM sys.dm_exec_sessions
        WHERE database_id = DB_ID() AND open_transaction_count > 0 AND status = 'sleeping' AND host_process_id IS NOT NULL
            AND last_request_end_time < DATEADD(second, -5, GETDATE())
        """;

    public async Task EndTransactionsAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        if (db is not SqlServerAppDbContext || await registry.Hung(db).ToListAsync(cancellationToken) is not { Count: > 0 } hung) return;
        try
        {
            var sessions = await db.Database.SqlQueryRaw<Session>(FindSessions).ToListAsync(cancellationToken);
            foreach (var session in sessions.Where(s => hung.Exists(n => n.Host == s.Host && n.ProcessId == s.ProcessId)))
            {
                await db.Database.ExecuteSqlRawAsync(Kill(session.SessionId), cancellationToken);
                LogEnded(session.Host, session.ProcessId);
            }
        }
        catch (SqlException exception)
        {
            LogNotEnded(exception);   // it is tried again in a moment, and the partitions are taken over all the same
        }
    }

    /// <summary>A statement that takes no parameter.</summary>
    private static string Kill(int sessionId) => $"KILL {sessionId}";

    [LoggerMessage(LogLevel.Warning, "The process {ProcessId} of {Host} hangs; its open transaction was ended")]
    private partial void LogEnded(string? host, int processId);

    [LoggerMessage(LogLevel.Warning, "The open transactions of a node that hangs could not be ended")]
    private partial void LogNotEnded(Exception exception);

    private sealed record Session(int SessionId, string? Host, int ProcessId);
}
