using System.Diagnostics.Metrics;
using MetaMessaging.Infrastructure.Persistence;

namespace MetaMessaging.Infrastructure.Inbound;

/// <summary>Adds to the hour's row every three seconds, so that a flood of forged deliveries causes few small writes.</summary>
internal sealed partial class RefusedSignatureCounter(
    IServiceProvider services, IMeterFactory meters, TimeProvider clock, ILogger<RefusedSignatureCounter> logger)
    : BackgroundService, IRefusedSignatures
{
    internal static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan MaxStop = TimeSpan.FromSeconds(1);

    private readonly Counter<long> counter = meters.Create("MetaMessaging.Inbound")
        .CreateCounter<long>(
            "metamessaging.webhook.signatures.refused", description: "Deliveries refused because they are not signed by Meta");

    private readonly Lock gate = new();
    private long unsavedCount;
    private DateTimeOffset lastAt;

    public void Record()
    {
        counter.Add(1);
        lock (gate)
        {
            unsavedCount++;
            lastAt = clock.GetUtcNow();
        }
    }

    /// <summary>Within a time of its own: what stopped before may have used up the host's.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = new CancellationTokenSource(MaxStop);
        await TrySaveAsync(limit.Token);
    }

    internal async Task SaveAsync(CancellationToken cancellationToken)
    {
        var (count, at) = Take();
        if (count == 0) return;

        try
        {
            await AddAsync(count, at, cancellationToken);
        }
        catch
        {
            lock (gate) unsavedCount += count;   // saved the next time
            throw;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SaveInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TrySaveAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // StopAsync saves what is left.
        }
    }

    private async Task TrySaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SaveAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            if (!cancellationToken.IsCancellationRequested) LogNotSaved(exception);
        }
    }

    private (long Count, DateTimeOffset LastAt) Take()
    {
        lock (gate)
        {
            var taken = (unsavedCount, lastAt);
            unsavedCount = 0;
            return taken;
        }
    }

    private async Task AddAsync(long count, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAllOrganizationsScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        if (await AddToRowAsync(db, count, at, cancellationToken)) return;

        db.RefusedSignatures.Add(new RefusedSignatures(at, count, at));
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Another node has inserted the row of this hour at the same time.
            if (!await AddToRowAsync(db, count, at, cancellationToken)) throw;
        }
    }

    private static async Task<bool> AddToRowAsync(AppDbContext db, long count, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var hour = RefusedSignatures.HourOf(at);
        var updated = await db.RefusedSignatures.Where(r => r.Hour == hour).ExecuteUpdateAsync(
            set => set
                .SetProperty(r => r.Count, r => r.Count + count)
                .SetProperty(r => r.LastAt, r => r.LastAt > at ? r.LastAt : at),
            cancellationToken);
        return updated > 0;
    }

    [LoggerMessage(LogLevel.Warning, "The number of refused signatures could not be saved; it is saved with the next ones")]
    private partial void LogNotSaved(Exception failure);
}
