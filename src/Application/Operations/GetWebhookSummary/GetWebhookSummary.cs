namespace MetaMessaging.Application.Operations;

/// <summary>The inbound queue. All figures except the failed deliveries are the installation's, which one inbound worker serves.</summary>
public sealed record GetWebhookSummary : IRequest<WebhookSummary>;

/// <param name="Backlog">Deliveries that wait to be processed, replays included.</param>
/// <param name="Replays">Those of them that were processed before.</param>
/// <param name="OldestPendingAt">When the oldest delivery was received that was never processed.</param>
/// <param name="LagSeconds">How long ago that is; 0 when there is none.</param>
/// <param name="Failed">Failed deliveries among those that the caller may see.</param>
public sealed record WebhookSummary(
    int Backlog, int Replays, DateTimeOffset? OldestPendingAt, double LagSeconds, WebhookLatency Latency,
    RefusedSignaturesModel RefusedSignatures, int Failed);

/// <summary>From received to visible, over the last hour; null when nothing was received. Replays do not count.</summary>
public sealed record WebhookLatency(double? P50Milliseconds, double? P99Milliseconds);

/// <param name="LastAt">The latest refusal that is still stored.</param>
public sealed record RefusedSignaturesModel(long Last24Hours, DateTimeOffset? LastAt);

internal sealed class GetWebhookSummaryHandler(IAppDbContext db, ICaller caller, OrganizationScope scope, TimeProvider clock)
    : IRequestHandler<GetWebhookSummary, WebhookSummary>
{
    /// <summary>Enough for a 99th percentile, however busy the hour was.</summary>
    private const int SampleSize = 10_000;

    public async Task<WebhookSummary> Handle(GetWebhookSummary request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var pending = db.WebhookDeliveries.Where(d => d.State == WebhookDeliveryState.Pending);
        var backlog = await pending.CountAsync(cancellationToken);
        // Deliveries are stored in the order in which they are received, so the lowest id is the oldest and one row is read.
        var oldest = await pending.Where(d => d.ProcessedAt == null)
            .OrderBy(d => d.Id)
            .Select(d => (DateTimeOffset?)d.ReceivedAt)
            .FirstOrDefaultAsync(cancellationToken);
        return new WebhookSummary(
            backlog,
            await pending.CountAsync(d => d.ProcessedAt != null, cancellationToken),
            oldest,
            oldest is { } since ? Math.Max(0, (now - since).TotalSeconds) : 0,
            await LatencyAsync(now.AddHours(-1), cancellationToken),
            await RefusedAsync(now, cancellationToken),
            await db.WebhookDeliveries.VisibleTo(caller, scope).CountAsync(d => d.State == WebhookDeliveryState.Failed, cancellationToken));
    }

    /// <summary>Of a busy hour every n-th delivery is read, so that the sample spreads evenly over the hour.</summary>
    private async Task<WebhookLatency> LatencyAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var lastHour = db.WebhookDeliveries.Where(d => d.ReceivedAt >= since);
        var first = await lastHour.OrderBy(d => d.ReceivedAt).Select(d => (long?)d.Id).FirstOrDefaultAsync(cancellationToken);
        if (first is null) return new WebhookLatency(null, null);

        var newest = await db.WebhookDeliveries.MaxAsync(d => d.Id, cancellationToken);
        var step = Math.Max(1, (newest - first.Value + 1) / SampleSize);
        var times = await lastHour
            .Where(d => d.Id % step == 0 && d.Attempts == 1 && d.ProcessedAt != null)
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
