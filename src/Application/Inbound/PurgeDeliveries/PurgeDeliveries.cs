using Microsoft.Extensions.Options;

namespace MetaMessaging.Application.Inbound;

/// <summary>Deletes what is past its retention.</summary>
[NotAudited("The setting that it carries out is audited.")]
public sealed record PurgeDeliveries : IRecurringJob { string IRecurringJob.Schedule => "17 * * * *"; }

/// <summary>Section Webhooks: how long what Meta delivered is kept.</summary>
public sealed class WebhookRetention
{
    public const string Section = "Webhooks";

    public int RetentionDays { get; set; } = 30;

    public bool IsValid => RetentionDays is >= 1 and <= 3650;
}

internal sealed class PurgeDeliveriesHandler(
    IAppDbContext db, ChunkedDeletion deletion, IOptions<WebhookRetention> retention, TimeProvider clock)
    : AsyncRequestHandler<PurgeDeliveries>
{
    protected override async Task Handle(PurgeDeliveries request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var keepFrom = now.AddDays(-retention.Value.RetentionDays);

        var finished = db.WebhookDeliveries.Where(d => d.State != WebhookDeliveryState.Pending);
        await deletion.DeleteAsync(
            finished.Where(d => d.ReceivedAt < keepFrom).OrderBy(d => d.ReceivedAt),
            db.DeleteDeliveriesAsync, cancellationToken);

        // Meta repeats a delivery for some days; a message that has not come by then does not come.
        var waitFrom = now - Receipt.Lifetime > keepFrom ? now - Receipt.Lifetime : keepFrom;
        await deletion.DeleteAsync(
            db.ParkedEvents.Where(p => p.ParkedAt < waitFrom).OrderBy(p => p.ParkedAt), db.ParkedEvents, cancellationToken);
        await deletion.DeleteAsync(db.Receipts.Where(r => r.At < waitFrom).OrderBy(r => r.At), db.Receipts, cancellationToken);

        await db.DeliveryReplays.Where(r => r.RequestedAt < keepFrom).ExecuteDeleteAsync(cancellationToken);
        await db.RefusedSignatures.Where(r => r.Hour < keepFrom).ExecuteDeleteAsync(cancellationToken);
    }
}
