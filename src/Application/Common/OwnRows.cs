namespace MetaMessaging.Application.Common;

internal static class OwnRows
{
    /// <summary>
    /// For a list of all the organization's rows, which an index that begins with the organization serves. The filter of every query
    /// does not: SQLite must not see it as a reason to take such an index, because to most questions (a conversation's messages, rows
    /// with some ids) another index is the better answer, and without statistics SQLite cannot tell.
    /// </summary>
    public static IQueryable<T> OfOrganization<T>(this IQueryable<T> rows, OrganizationScope scope) where T : class, IOwnedByOrganization
    {
        var organizationId = scope.OrganizationId ?? 0;
        return rows.Where(row => row.OrganizationId == organizationId);
    }
}
