namespace MetaMessaging.Application.Common;

internal static class RowLock
{
    /// <summary>Locks rows by an update that changes nothing: nobody else changes what is read after it before the commit.</summary>
    /// <returns>How many rows there are.</returns>
    public static Task<int> LockAsync<TEntity>(this IQueryable<TEntity> rows, CancellationToken cancellationToken)
        where TEntity : class, IOwnedByOrganization =>
        rows.ExecuteUpdateAsync(set => set.SetProperty(r => r.OrganizationId, r => r.OrganizationId), cancellationToken);
}
