using MetaMessaging.Infrastructure.Persistence;

namespace MetaMessaging.Infrastructure.Nodes;

/// <summary>Writes every few seconds that this node runs and keeps its leases, and takes over those of nodes that have ended.</summary>
internal sealed partial class NodeHeartbeat(
    NodeRegistry registry, PartitionLeases leases, HungNodes hungNodes, IServiceProvider services, TimeProvider clock,
    ILogger<NodeHeartbeat> logger)
    : BackgroundService
{
    /// <summary>Three may fail before the node counts as ended, and another takes over within 15 s.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2.5);

    /// <summary>A node that hangs may have locked rows; the others must go on to write that they run.</summary>
    private static readonly TimeSpan MaxCommand = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan MaxRelease = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private Task? release;

    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAllOrganizationsScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        db.Database.SetCommandTimeout(MaxCommand);
        await hungNodes.EndTransactionsAsync(db, cancellationToken);   // first: they may have locked what is written here
        await db.SaveChangesAsync(
            async token =>
            {
                await registry.RecordAsync(db, token);
                await leases.RenewAsync(db, token);
            },
            cancellationToken);
        await registry.ReadAsync(db, cancellationToken);
        await leases.BalanceAsync(db, cancellationToken);
    }

    /// <summary>The host stops services in reverse order, so whoever works under a lease has stopped before this.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);

        // Once: a host may be stopped by two callers, and is disposed when the first of them returns.
        lock (gate) release ??= ReleaseAsync();
        await release;
    }

    /// <summary>Within a time of its own: what stopped before may have used up the host's.</summary>
    private async Task ReleaseAsync()
    {
        using var limit = new CancellationTokenSource(MaxRelease);
        try
        {
            await using var scope = services.CreateAllOrganizationsScope();
            var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
            await leases.ReleaseAsync(db, limit.Token);
            await registry.RemoveAsync(db, limit.Token);
        }
        catch (Exception exception)
        {
            LogFailed(exception);   // both expire by themselves
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do await TryBeatAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // StopAsync gives the leases back.
        }
    }

    private async Task TryBeatAsync(CancellationToken cancellationToken)
    {
        try
        {
            await BeatAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "This node could not write that it runs; after ten seconds others take over its work")]
    private partial void LogFailed(Exception exception);
}
