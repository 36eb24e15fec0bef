using Microsoft.Extensions.Options;

namespace MetaMessaging.Application.Inbound;

/// <summary>Deletes what is past its retention, at most 1,000 rows a second: SQLite's one writer also stores Meta's deliveries.</summary>
[NotAudited("The setting that it carries out is audited.")]
public sealed record PurgeDeliveries : IRecurringJob { string IRecurringJob.Schedule => "17 * * * *"; }

/// <summary>Section Webhooks: how long what Meta delivered is kept.</summary>
public sealed class WebhookRetention
{
    public const string Section = "Webhooks";

    public int RetentionDays { get; set; } = 30;

    public bool IsValid => RetentionDays is >= 1 and <= 3650;
}

internal sealed class PurgeDeliveriesHandler(IAppDbContext db, IJobs jobs, IOptions<WebhookRetention> retention, TimeProvider clock)
    : AsyncRequestHandler<PurgeDeliveries>
{
    private const int ChunkSize = 1000;

    private static readonly TimeSpan ChunkDelay = TimeSpan.FromSeconds(1);

    protected override async Task Handle(PurgeDeliveries request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var keepFrom = now.AddDays(-retention.Value.RetentionDays);

        var deliveries = await db.WebhookDeliveries
            .Where(d => d.ReceivedAt < keepFrom && d.State != WebhookDeliveryState.Pending)
            .OrderBy(d => d.ReceivedAt).Select(d => d.Id).Take(ChunkSize).ToListAsync(cancellationToken);
        if (deliveries.Count > 0)
        {
            // The state again, because a replay may have been asked for since.
            await db.WebhookDeliveries.Where(d => deliveries.Contains(d.Id) && d.State != WebhookDeliveryState.Pending)
                .ExecuteDeleteAsync(cancellationToken);
        }

        // Meta repeats a delivery for some days; a message that has not come by then does not come.
        var waitFrom = now - Receipt.Lifetime > keepFrom ? now - Receipt.Lifetime : keepFrom;
        var parked = await db.ParkedEvents.Where(p => p.ParkedAt < waitFrom)
            .OrderBy(p => p.ParkedAt).Select(p => p.Id).Take(ChunkSize).ToListAsync(cancellationToken);
        if (parked.Count > 0) await db.ParkedEvents.Where(p => parked.Contains(p.Id)).ExecuteDeleteAsync(cancellationToken);

        var receipts = await db.Receipts.Where(r => r.At < waitFrom)
            .OrderBy(r => r.At).Select(r => r.Id).Take(ChunkSize).ToListAsync(cancellationToken);
        if (receipts.Count > 0) await db.Receipts.Where(r => receipts.Contains(r.Id)).ExecuteDeleteAsync(cancellationToken);

        await db.DeliveryReplays.Where(r => r.RequestedAt < keepFrom).ExecuteDeleteAsync(cancellationToken);
        await db.RefusedSignatures.Where(r => r.Hour < keepFrom).ExecuteDeleteAsync(cancellationToken);

        if (deliveries.Count == ChunkSize || parked.Count == ChunkSize || receipts.Count == ChunkSize)
            jobs.Schedule(request, now + ChunkDelay);
    }
}
