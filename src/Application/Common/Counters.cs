using MetaMessaging.Domain.Figures;

namespace MetaMessaging.Application.Common;

internal static class Counters
{
    /// <summary>The number as it is kept for the organization.</summary>
    public static async Task<int> CountAsync(this IAppDbContext db, CounterName name, CancellationToken cancellationToken) =>
        (int)await db.Counters.Where(c => c.Name == name).SumAsync(c => c.Value, cancellationToken);

    /// <summary>All counters of the installation, zeros included; each organization has a few.</summary>
    public static async Task<IReadOnlyDictionary<CounterName, int>> CountDeliveriesAsync(
        this IAppDbContext db, CancellationToken cancellationToken)
    {
        // One inbound worker serves all organizations, and its figures name none of them.
        var sums = await db.Counters.IgnoreQueryFilters()
            .GroupBy(c => c.Name).Select(g => new { g.Key, Sum = g.Sum(c => c.Value) })
            .ToDictionaryAsync(g => g.Key, g => (int)g.Sum, cancellationToken);
        return Enum.GetValues<CounterName>().ToDictionary(name => name, sums.GetValueOrDefault);
    }
}
