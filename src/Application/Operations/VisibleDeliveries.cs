namespace MetaMessaging.Application.Operations;

internal static class VisibleDeliveries
{
    /// <summary>
    /// A delivery may hold events of several organizations. Ops users see the deliveries whose events all belong to their organization; a
    /// system administrator sees all.
    /// </summary>
    public static IQueryable<WebhookDelivery> VisibleTo(
        this IQueryable<WebhookDelivery> deliveries, ICaller caller, OrganizationScope scope)
    {
        if (caller.IsSystemAdmin) return deliveries;
        var organizationId = scope.OrganizationId;
        return deliveries.Where(d => d.OrganizationId != null && d.OrganizationId == organizationId);
    }
}
