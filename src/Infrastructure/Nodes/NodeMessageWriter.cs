using MetaMessaging.Infrastructure.Persistence;

namespace MetaMessaging.Infrastructure.Nodes;

/// <summary>Stores what this node tells the others, at most ten times a second and one row for all messages of a kind; nothing while no
/// other node runs.</summary>
internal sealed partial class NodeMessageWriter(
    NodeMessageQueue queue, NodeRegistry nodes, NodeWakeUps wakeUps, IServiceProvider services, TimeProvider clock,
    ILogger<NodeMessageWriter> logger)
    : BackgroundService
{
    /// <summary>Longer than a node needs to read them, and than the clocks of two machines differ.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>What was sent before another node was known waits for so long.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan MaxStop = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan DeletionInterval = TimeSpan.FromSeconds(30);

    private DateTimeOffset nextDeletionAt;

    /// <summary>Within a time of its own: what stopped before may have used up the host's.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = new CancellationTokenSource(MaxStop);
        await TryWriteAsync(limit.Token);
    }

    /// <summary>Stores everything that waits.</summary>
    internal async Task WriteAsync(CancellationToken cancellationToken)
    {
        if (nodes.LiveCount == 1) return;
        var taken = queue.TakeAll();
        if (taken.Count == 0) return;
        try
        {
            await StoreAsync(taken, cancellationToken);
        }
        catch
        {
            queue.PutBack(taken);
            throw;
        }

        wakeUps.WakeOthers();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await queue.WaitAsync(MaxWait, stoppingToken);
                await Task.Delay(await TryWriteAsync(stoppingToken) ? MinInterval : RetryDelay, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // StopAsync stores what is left.
        }
    }

    private async Task StoreAsync(IReadOnlyCollection<QueuedNodeMessage> messages, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAllOrganizationsScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var now = clock.GetUtcNow();
        foreach (var ofKind in messages.GroupBy(m => m.Kind, m => m.Message))
        {
            var last = ofKind.Reverse().Distinct().Reverse();   // of equal ones the last, because another may follow the first
            db.Add(new NodeMessage(nodes.Id, ofKind.Key, JsonSerializer.Serialize(last), now));
        }

        if (now < nextDeletionAt)
        {
            await db.SaveChangesAsync(cancellationToken);
            return;
        }

        nextDeletionAt = now + DeletionInterval;
        await db.SaveChangesAsync(
            token => db.Set<NodeMessage>().Where(m => m.SentAt < now - KeptFor).ExecuteDeleteAsync(token), cancellationToken);
    }

    private async Task<bool> TryWriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(cancellationToken);
            return true;
        }
        catch (Exception exception)
        {
            if (!cancellationToken.IsCancellationRequested) LogFailed(exception);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The other nodes could not be told what has changed; the next try is in a second")]
    private partial void LogFailed(Exception exception);
}
