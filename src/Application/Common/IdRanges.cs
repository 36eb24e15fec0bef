using System.Runtime.CompilerServices;

namespace MetaMessaging.Application.Common;

/// <summary>Divides a search without an index into short queries: while one runs, SQLite's write-ahead log cannot begin anew.</summary>
internal static class IdRanges
{
    private const int Size = 500;

    public static async IAsyncEnumerable<(long After, long UpTo)> IdRangesAsync<T>(
        this IQueryable<T> rows, long after, [EnumeratorCancellation] CancellationToken cancellationToken) where T : Entity
    {
        var later = rows.Where(row => row.Id > after);
        var first = await later.MinAsync(row => (long?)row.Id, cancellationToken);
        var last = await later.MaxAsync(row => (long?)row.Id, cancellationToken);
        for (var from = first - 1; from < last; from += Size) yield return (from!.Value, from!.Value + Size);
    }
}
