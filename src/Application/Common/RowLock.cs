namespace MetaMessaging.Application.Common;

internal static class RowLock
{
    /// <summary>Locks rows by an update that changes nothing: nobody else changes what is read after it before the commit.</summary>
    /// <returns>How many rows there are.</returns>
    public static Task<int> LockAsync<TEntity>(this IQueryable<TEntity> rows, CancellationToken cancellationToken)
        where TEntity : class, IOwnedByOrganization =>
        rows.ExecuteUpdateAsync(set => set.SetProperty(r => r.OrganizationId, r => r.OrganizationId), cancellationToken);

    /// <summary>For what an organization has one of, or so many.</summary>
    public static Task<int> LockAsync(this IQueryable<Organization> rows, CancellationToken cancellationToken) =>
        rows.ExecuteUpdateAsync(set => set.SetProperty(o => o.Name, o => o.Name), cancellationToken);

    /// <summary>For what the installation has one of.</summary>
    public static Task<int> LockAsync(this IQueryable<SystemConfig> rows, CancellationToken cancellationToken) =>
        rows.ExecuteUpdateAsync(set => set.SetProperty(c => c.UpdatedAt, c => c.UpdatedAt), cancellationToken);
}
