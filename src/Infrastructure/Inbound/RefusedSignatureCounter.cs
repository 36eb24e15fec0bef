using System.Diagnostics.Metrics;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaMessaging.Infrastructure.Inbound;

/// <summary>
/// Counts in memory and adds to the hour's row every few seconds: a flood of forged deliveries is one small write, and one row an
/// hour. Nodes add to the same row.
/// </summary>
internal sealed partial class RefusedSignatureCounter(IServiceProvider services, IMeterFactory meters, TimeProvider clock, ILogger<RefusedSignatureCounter> logger)
    : BackgroundService, IRefusedSignatures
{
    internal static readonly TimeSpan Every = TimeSpan.FromSeconds(3);

    private readonly Counter<long> counter = meters.Create("MetaMessaging.Inbound")
        .CreateCounter<long>("metamessaging.webhook.signatures.refused", description: "Deliveries refused because they are not signed by Meta");

    private readonly Lock gate = new();
    private long waiting;
    private DateTimeOffset lastAt;

    public void Note()
    {
        counter.Add(1);
        lock (gate)
        {
            waiting++;
            lastAt = clock.GetUtcNow();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TrySaveAsync(cancellationToken);
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
            lock (gate) waiting += count;   // for the next time
            throw;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TrySaveAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left is saved while stopping.
        }
    }

    private async Task TrySaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SaveAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogNotSaved(exception);
        }
    }

    private (long Count, DateTimeOffset LastAt) Take()
    {
        lock (gate)
        {
            var taken = (waiting, lastAt);
            waiting = 0;
            return taken;
        }
    }

    private async Task AddAsync(long count, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var work = services.CreateSystemScope();
        var db = work.ServiceProvider.GetRequiredService<AppDbContext>();
        if (await AddToRowAsync(db, count, at, cancellationToken)) return;

        db.RefusedSignatures.Add(new RefusedSignatures(at, count, at));
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Another node began the hour in this moment.
            if (!await AddToRowAsync(db, count, at, cancellationToken)) throw;
        }
    }

    private static async Task<bool> AddToRowAsync(AppDbContext db, long count, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var hour = RefusedSignatures.HourOf(at);
        return await db.RefusedSignatures.Where(r => r.Hour == hour).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.Count, r => r.Count + count).SetProperty(r => r.LastAt, r => r.LastAt > at ? r.LastAt : at), cancellationToken) > 0;
    }

    [LoggerMessage(LogLevel.Warning, "Refused signatures could not be counted in the database; they are added later")]
    private partial void LogNotSaved(Exception failure);
}
