using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MetaMessaging.Application.Upkeep;

/// <summary>
/// Removes deliveries that were dealt with long ago, and what waits for a message that will not come. One small chunk at a time, and
/// then again a moment later: the database's one writer has Meta's deliveries to store meanwhile.
/// </summary>
public sealed record PurgeDeliveries : IJob;

/// <summary>Section Webhooks: how long what Meta delivered is kept.</summary>
public sealed class WebhookRetention
{
    public const string Section = "Webhooks";

    public int RetentionDays { get; set; } = 30;

    public bool IsSensible => RetentionDays is >= 1 and <= 3650;
}

internal sealed class PurgeDeliveriesHandler(IAppDbContext db, IJobs jobs, IOptions<WebhookRetention> retention, TimeProvider clock) : AsyncRequestHandler<PurgeDeliveries>
{
    private const int Chunk = 1000;

    private static readonly TimeSpan ChunkDelay = TimeSpan.FromSeconds(1);

    protected override async Task Handle(PurgeDeliveries request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var keepFrom = now.AddDays(-retention.Value.RetentionDays);

        var old = await db.WebhookDeliveries
            .Where(d => d.ReceivedAt < keepFrom && d.State != WebhookDeliveryState.Pending)
            .OrderBy(d => d.ReceivedAt).Select(d => d.Id).Take(Chunk).ToListAsync(cancellationToken);
        // Somebody may have asked for a replay in between.
        if (old.Count > 0) await db.WebhookDeliveries.Where(d => old.Contains(d.Id) && d.State != WebhookDeliveryState.Pending).ExecuteDeleteAsync(cancellationToken);

        // What a message has not come for while Meta repeats deliveries, it never will.
        var repeatedFrom = now - Receipt.Lifetime > keepFrom ? now - Receipt.Lifetime : keepFrom;
        var parked = await db.ParkedEvents
            .Where(p => p.ParkedAt < repeatedFrom).OrderBy(p => p.ParkedAt).Select(p => p.Id).Take(Chunk).ToListAsync(cancellationToken);
        if (parked.Count > 0) await db.ParkedEvents.Where(p => parked.Contains(p.Id)).ExecuteDeleteAsync(cancellationToken);

        var receipts = await db.Receipts
            .Where(r => r.At < repeatedFrom).OrderBy(r => r.At).Select(r => r.Id).Take(Chunk).ToListAsync(cancellationToken);
        if (receipts.Count > 0) await db.Receipts.Where(r => receipts.Contains(r.Id)).ExecuteDeleteAsync(cancellationToken);

        await db.DeliveryReplays.Where(r => r.RequestedAt < keepFrom).ExecuteDeleteAsync(cancellationToken);
        var counted = now - SendRefusal.Lifetime;
        await db.SendRefusals.Where(r => r.At < counted).ExecuteDeleteAsync(cancellationToken);
        await db.RefusedSignatures.Where(r => r.Hour < keepFrom).ExecuteDeleteAsync(cancellationToken);

        if (old.Count == Chunk || parked.Count == Chunk || receipts.Count == Chunk) jobs.Schedule(request, now + ChunkDelay);
    }
}
