namespace MetaMessaging.Application.Operations;

/// <summary>A replay of many deliveries and its progress.</summary>
/// <param name="Count">The deliveries to be processed again.</param>
/// <param name="Pending">Those that still wait.</param>
/// <param name="Failed">Those that failed again.</param>
public sealed record ReplayModel(long Id, DateTimeOffset RequestedAt, string RequestedBy, int Count, int Pending, int Failed);

internal static class ReplayProgress
{
    public static IQueryable<DeliveryReplay> VisibleTo(this IQueryable<DeliveryReplay> replays, ICaller caller, OrganizationScope scope)
    {
        if (caller.IsSystemAdmin) return replays;
        var organizationId = scope.OrganizationId;
        return replays.Where(r => r.OrganizationId != null && r.OrganizationId == organizationId);
    }

    /// <summary>Counted from the deliveries themselves, so the figures are right after a restart as well.</summary>
    public static IQueryable<ReplayModel> WithProgress(this IQueryable<DeliveryReplay> replays, IAppDbContext db) =>
        replays.Select(r => new ReplayModel(
            r.Id, r.RequestedAt, r.RequestedBy, r.Total,
            db.WebhookDeliveries.Count(d => d.ReplayId == r.Id && d.State == WebhookDeliveryState.Pending),
            db.WebhookDeliveries.Count(d => d.ReplayId == r.Id && d.State == WebhookDeliveryState.Failed)));
}
