using MetaMessaging.Domain.Figures;

namespace MetaMessaging.Application.Operations;

/// <summary>The inbound queue. All figures except the failed deliveries are the installation's, which one inbound worker serves.</summary>
public sealed record GetWebhookSummary : IRequest<WebhookSummary>;

/// <param name="Backlog">Deliveries that wait to be processed, replays included.</param>
/// <param name="Replays">Those of them that were processed before.</param>
/// <param name="OldestPendingAt">When the oldest delivery was received that was never processed.</param>
/// <param name="LagSeconds">How long ago that is; 0 when there is none.</param>
/// <param name="Failed">Failed deliveries among those that the caller may see.</param>
/// <param name="WriteAheadLog">Null on SQL Server.</param>
public sealed record WebhookSummary(
    int Backlog, int Replays, DateTimeOffset? OldestPendingAt, double LagSeconds, WebhookLatency Latency,
    RefusedSignaturesModel RefusedSignatures, int Failed, WriteAheadLogModel? WriteAheadLog);

/// <summary>From received to visible, over the last hour; null when nothing was received. Replays do not count.</summary>
public sealed record WebhookLatency(double? P50Milliseconds, double? P99Milliseconds);

/// <param name="LastAt">The latest refusal that is still stored.</param>
public sealed record RefusedSignaturesModel(long Last24Hours, DateTimeOffset? LastAt);

/// <param name="IsTooLong">Something has been reading the database for so long that SQLite cannot begin the log anew.</param>
public sealed record WriteAheadLogModel(long Bytes, bool IsTooLong);

internal sealed class GetWebhookSummaryHandler(
    IAppDbContext db, IStorageHealth storage, OrganizationScope scope, ICaller caller, TimeProvider clock)
    : IRequestHandler<GetWebhookSummary, WebhookSummary>
{
    /// <summary>Enough for a 99th percentile, however busy the hour was.</summary>
    private const int SampleSize = 2_000;

    public async Task<WebhookSummary> Handle(GetWebhookSummary request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var counted = await db.CountDeliveriesAsync(cancellationToken);
        var replays = counted[CounterName.ReplayedDeliveries];
        // Deliveries are stored in the order in which they are received, so the lowest id is the oldest and one row is read.
        var oldest = await db.WebhookDeliveries.Where(d => d.State == WebhookDeliveryState.Pending && d.ProcessedAt == null)
            .OrderBy(d => d.Id)
            .Select(d => (DateTimeOffset?)d.ReceivedAt)
            .FirstOrDefaultAsync(cancellationToken);
        return new WebhookSummary(
            counted[CounterName.PendingDeliveries] + replays,
            replays,
            oldest,
            oldest is { } since ? Math.Max(0, (now - since).TotalSeconds) : 0,
            await LatencyAsync(now.AddHours(-1), cancellationToken),
            await RefusedAsync(now, cancellationToken),
            scope.SeesAllOrganizations || caller.IsSystemAdmin   // metrics are also sent without a caller
                ? counted[CounterName.FailedDeliveries]
                : await db.CountAsync(CounterName.FailedDeliveries, cancellationToken),
            storage.LogBytes is { } bytes ? new WriteAheadLogModel(bytes, bytes > IStorageHealth.MaxUsualLogBytes) : null);
    }

    /// <summary>Of a busy hour every n-th delivery is read, so that the sample spreads evenly over the hour.</summary>
    private async Task<WebhookLatency> LatencyAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var lastHour = db.WebhookDeliveries.Where(d => d.ReceivedAt >= since);
        var first = await lastHour.OrderBy(d => d.ReceivedAt).Select(d => (long?)d.Id).FirstOrDefaultAsync(cancellationToken);
        if (first is null) return new WebhookLatency(null, null);

        var newest = await db.WebhookDeliveries.MaxAsync(d => d.Id, cancellationToken);
        var step = Math.Max(1, (newest - first.Value) / SampleSize);
        var sample = new List<long>();
        for (var id = first.Value; id <= newest; id += step) sample.Add(id);
        var times = await db.WebhookDeliveries
            .Where(d => sample.Contains(d.Id) && d.Attempts == 1 && d.ProcessedAt != null)
            .Select(d => new { d.ReceivedAt, ProcessedAt = d.ProcessedAt!.Value })
            .ToListAsync(cancellationToken);
        var latencies = times.ConvertAll(t => Math.Max(0, (t.ProcessedAt - t.ReceivedAt).TotalMilliseconds));
        latencies.Sort();
        return new WebhookLatency(Percentile(latencies, 0.5), Percentile(latencies, 0.99));
    }

    private async Task<RefusedSignaturesModel> RefusedAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Refusals are stored as one count an hour, so the first hour of the span counts as a whole.
        var since = RefusedSignatures.HourOf(now.AddHours(-24));
        return new RefusedSignaturesModel(
            await db.RefusedSignatures.Where(r => r.Hour >= since).SumAsync(r => r.Count, cancellationToken),
            await db.RefusedSignatures.MaxAsync(r => (DateTimeOffset?)r.LastAt, cancellationToken));
    }

    private static double? Percentile(List<double> sorted, double share) =>
        sorted.Count == 0 ? null : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
}
