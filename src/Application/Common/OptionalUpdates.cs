using System.Data.Common;
using Microsoft.EntityFrameworkCore.Query;

namespace MetaMessaging.Application.Common;

internal static class OptionalUpdates
{
    /// <summary>For times of last use: a call that only reads works while the database cannot be written; the next one saves.</summary>
    public static async Task TryUpdateAsync<T>(
        this IQueryable<T> rows, Action<UpdateSettersBuilder<T>> set, CancellationToken cancellationToken)
    {
        try
        {
            await rows.ExecuteUpdateAsync(set, cancellationToken);
        }
        catch (DbException)
        {
            // The rows keep the time that they have.
        }
    }
}
