using MetaMessaging.Infrastructure.Persistence;

namespace MetaMessaging.Infrastructure.Nodes;

/// <summary>A process that stands still keeps its connections, and its open transactions keep their locks: SQL Server has no limit for
/// that. The other nodes end them when it no longer writes its row, if their login has the right (docs/adr/0035).</summary>
internal sealed partial class HungNodes(NodeRegistry registry, TimeProvider clock, ILogger<HungNodes> logger)
{
    private const string IsWaiting = "open_transaction_count > 0 AND status = 'sleeping'";

    /// <summary>Sessions that wait for their client within a transaction.</summary>
    private const string FindSessions = $"""
        SELECT CAST(session_id AS int) AS session_id, host_name AS host, host_process_id AS process_id,
            DATEDIFF(second, login_time, GETDATE()) AS age
        FROM sys.dm_exec_sessions
        WHERE database_id = DB_ID() AND {IsWaiting} AND host_process_id IS NOT NULL
            AND last_request_end_time < DATEADD(second, -5, GETDATE())
        """;

    /// <summary>For all of it: the heartbeat goes on within its own time.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(3);

    public async Task EndTransactionsAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        if (db is not SqlServerAppDbContext) return;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(MaxTime);
        try
        {
            var hung = await registry.Hung(db).ToListAsync(limit.Token);
            if (hung.Count == 0) return;
            var sessions = await db.Database.SqlQueryRaw<Session>(FindSessions).ToListAsync(limit.Token);
            foreach (var session in sessions.Where(s => hung.Exists(n => IsOf(n, s))))
            {
                LogEnds(session.Host, session.ProcessId);
                await db.Database.ExecuteSqlRawAsync(End(session.SessionId), [session.Host!, session.ProcessId], limit.Token);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotEnded(exception);   // the next heartbeat tries again
        }
    }

    /// <summary>A later process may have the same host name and process id, as in a container that was started again.</summary>
    private bool IsOf(Node node, Session session) => node.Host == session.Host && node.ProcessId == session.ProcessId
        && clock.GetUtcNow() - TimeSpan.FromSeconds(session.Age) <= node.SeenAt;

    /// <summary>KILL takes no parameter. Another node may have ended the session, and its number be another session's now.</summary>
    private static string End(int sessionId) => $$"""
        IF EXISTS (SELECT 1 FROM sys.dm_exec_sessions
            WHERE session_id = {{sessionId}} AND host_name = {0} AND host_process_id = {1} AND {{IsWaiting}})
            KILL {{sessionId}}
        """;

    [LoggerMessage(LogLevel.Warning, "The process {ProcessId} of {Host} hangs; its open transaction is ended")]
    private partial void LogEnds(string? host, int processId);

    [LoggerMessage(LogLevel.Warning, "The open transactions of a node that hangs could not be ended")]
    private partial void LogNotEnded(Exception exception);

    /// <param name="Age">In seconds.</param>
    private sealed record Session(int SessionId, string? Host, int ProcessId, int Age);
}
