namespace MetaMessaging.Application.Common;

internal static class ActiveOrganizations
{
    /// <summary>Nothing is sent for a suspended organization, also while a system administrator looks at it.</summary>
    public static Task<bool> IsActiveAsync(this IAppDbContext db, long organizationId, CancellationToken cancellationToken) =>
        db.Organizations.AnyAsync(o => o.Id == organizationId && o.State == OrganizationState.Active, cancellationToken);
}
