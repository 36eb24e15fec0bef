using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Inbound;

namespace MetaMessaging.Application.Operations;

internal static class VisibleDeliveries
{
    /// <summary>
    /// A delivery belongs to the installation and may hold several organizations' events: ops see those that are theirs
    /// alone, a system administrator sees all.
    /// </summary>
    public static IQueryable<WebhookDelivery> VisibleTo(this IQueryable<WebhookDelivery> deliveries, ICaller caller, OrganizationScope scope)
    {
        if (caller.IsSystemAdmin) return deliveries;
        var organizationId = scope.OrganizationId;
        return deliveries.Where(d => d.OrganizationId != null && d.OrganizationId == organizationId);
    }
}
