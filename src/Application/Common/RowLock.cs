namespace MetaMessaging.Application.Common;

internal static class RowLock
{
    /// <summary>
    /// Locks rows until the transaction ends, by an update that changes nothing: SQL Server then holds the rows, SQLite its one write
    /// transaction. What is read after it cannot be changed by anybody else before the commit.
    /// </summary>
    /// <returns>How many rows there are.</returns>
    public static Task<int> LockAsync<TEntity>(this IQueryable<TEntity> rows, CancellationToken cancellationToken)
        where TEntity : class, IOwnedByOrganization =>
        rows.ExecuteUpdateAsync(set => set.SetProperty(r => r.OrganizationId, r => r.OrganizationId), cancellationToken);
}
