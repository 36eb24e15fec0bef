namespace MetaMessaging.Application.Operations;

/// <summary>The installation's deliveries by state, for monitoring.</summary>
public sealed record CountDeliveries : IRequest<IReadOnlyDictionary<WebhookDeliveryState, int>>;

internal sealed class CountDeliveriesHandler(IAppDbContext db)
    : IRequestHandler<CountDeliveries, IReadOnlyDictionary<WebhookDeliveryState, int>>
{
    public async Task<IReadOnlyDictionary<WebhookDeliveryState, int>> Handle(CountDeliveries request, CancellationToken cancellationToken)
    {
        var counted = await db.WebhookDeliveries
            .GroupBy(d => d.State)
            .Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        return Enum.GetValues<WebhookDeliveryState>().ToDictionary(state => state, state => counted.GetValueOrDefault(state));
    }
}
