using MetaMessaging.Infrastructure.Persistence;

namespace MetaMessaging.Infrastructure.Nodes;

/// <summary>Passes what other nodes tell to the handlers: each half second, or at once when Redis wakes it; not while no other node runs.
/// </summary>
internal sealed partial class NodeMessageReader(
    NodeRegistry nodes, NodeWakeUps wakeUps, IEnumerable<INodeMessageHandler> handlers, IServiceProvider services, TimeProvider clock,
    ILogger<NodeMessageReader> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>On SQL Server a row may become visible after one with a higher id, because its transaction commits later. A transaction
    /// that takes longer than this is not waited for.</summary>
    private static readonly TimeSpan MaxCommitDelay = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, INodeMessageHandler> handlers = handlers.ToDictionary(h => h.Kind);

    /// <summary>The ids above <see cref="settledUpTo"/> whose messages were passed on.</summary>
    private readonly HashSet<long> applied = [];

    /// <summary>The highest id of each reading, with its time.</summary>
    private readonly Queue<(long At, long Id)> readings = [];

    /// <summary>No row with a lower id is still to come. Null before the first reading.</summary>
    private long? settledUpTo;

    private bool hasFailed;

    /// <returns>How many rows were new.</returns>
    internal async Task<int> ReadAsync(CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAllOrganizationsScope();
        var rows = scope.ServiceProvider.GetRequiredService<AppDbContext>().Set<NodeMessage>().AsNoTracking();
        settledUpTo ??= await FindOldAsync(rows, cancellationToken);
        var stored = await rows.Where(m => m.Id > settledUpTo).Select(m => new { m.Id, m.NodeId }).ToListAsync(cancellationToken);
        var newIds = stored.Where(m => m.NodeId != nodes.Id && !applied.Contains(m.Id)).Select(m => m.Id).ToList();
        if (newIds.Count > 0)
        {
            foreach (var message in await rows.Where(m => newIds.Contains(m.Id)).OrderBy(m => m.Id).ToListAsync(cancellationToken))
                await ApplyAsync(message);
            applied.UnionWith(newIds);
        }

        if (stored.Count > 0) Settle(stored.Max(m => m.Id));
        return newIds.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var woken = false;
        var readAt = clock.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // A node that was started just now wakes this one before the heartbeat has found it.
                if (woken || nodes.LiveCount > 1) await ReadAsync(stoppingToken);
                if (clock.GetElapsedTime(readAt) > NodeRegistry.Lifetime)
                    foreach (var handler in handlers.Values) await handler.MissedAsync();
                readAt = clock.GetTimestamp();
                hasFailed = false;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                if (!hasFailed) LogFailed(exception);
                hasFailed = true;
            }

            woken = await wakeUps.WaitAsync(Interval, stoppingToken);
        }
    }

    /// <summary>What was sent before this process started concerns nobody here: it has cached nothing, and no page is connected.</summary>
    private async Task<long> FindOldAsync(IQueryable<NodeMessage> rows, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow() - NodeMessageWriter.KeptFor;
        return await rows.Where(m => m.SentAt < since).MaxAsync(m => (long?)m.Id, cancellationToken) ?? 0;
    }

    private async Task ApplyAsync(NodeMessage stored)
    {
        if (!handlers.TryGetValue(stored.Kind, out var handler)) return;   // of a newer version
        try
        {
            using var messages = JsonDocument.Parse(stored.Body);
            foreach (var message in messages.RootElement.EnumerateArray()) await handler.HandleAsync(message);
        }
        catch (Exception exception)
        {
            LogNotApplied(exception, stored.Kind, stored.NodeId);
        }
    }

    private void Settle(long highestId)
    {
        readings.Enqueue((clock.GetTimestamp(), highestId));
        while (readings.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.At) > MaxCommitDelay)
        {
            readings.Dequeue();
            settledUpTo = Math.Max(settledUpTo ?? 0, oldest.Id);
        }

        applied.RemoveWhere(id => id <= settledUpTo);
    }

    [LoggerMessage(LogLevel.Warning, "What other nodes tell could not be read; it is tried twice a second")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(LogLevel.Error, "A message of kind {Kind} from node {NodeId} could not be applied")]
    private partial void LogNotApplied(Exception exception, string kind, string nodeId);
}
