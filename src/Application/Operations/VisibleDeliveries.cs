namespace MetaMessaging.Application.Operations;

internal static class VisibleDeliveries
{
    /// <summary>A delivery may hold several organizations' events; then only a system administrator sees it.</summary>
    /// <param name="isByAccount">
    /// An index by the account finds them, and the database must not prefer the one by the organization, see <see cref="OwnRows"/>.
    /// </param>
    public static IQueryable<WebhookDelivery> VisibleTo(
        this IQueryable<WebhookDelivery> deliveries, ICaller caller, OrganizationScope scope, bool isByAccount = false)
    {
        if (caller.IsSystemAdmin) return deliveries;
        var organizationId = scope.OrganizationId;
        if (isByAccount) return deliveries.Where(d => (d.OrganizationId ?? 0) == organizationId);
        return deliveries.Where(d => d.OrganizationId != null && d.OrganizationId == organizationId);
    }
}
