using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Inbound;

namespace MetaMessaging.Application.Operations;

/// <summary>A replay of many, and how far it is.</summary>
/// <param name="Count">The deliveries marked.</param>
/// <param name="Pending">Those of them that still wait.</param>
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

    /// <summary>Counted from the deliveries, so it is true after a restart too.</summary>
    public static IQueryable<ReplayModel> ProgressOf(this IQueryable<DeliveryReplay> replays, IAppDbContext db) => replays.Select(r => new ReplayModel(
        r.Id, r.RequestedAt, r.RequestedBy, r.Total,
        db.WebhookDeliveries.Count(d => d.ReplayId == r.Id && d.State == WebhookDeliveryState.Pending),
        db.WebhookDeliveries.Count(d => d.ReplayId == r.Id && d.State == WebhookDeliveryState.Failed)));
}
