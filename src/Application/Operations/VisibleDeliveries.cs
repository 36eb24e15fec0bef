namespace MetaMessaging.Application.Operations;

internal static class VisibleDeliveries
{
    /// <summary>A delivery may hold several organizations' events; then only a system administrator sees it.</summary>
    public static IQueryable<WebhookDelivery> VisibleTo(
        this IQueryable<WebhookDelivery> deliveries, ICaller caller, OrganizationScope scope)
    {
        if (caller.IsSystemAdmin) return deliveries;
        var organizationId = scope.OrganizationId;
        return deliveries.Where(d => d.OrganizationId != null && d.OrganizationId == organizationId);
    }
}
