using MetaMessaging.Domain.Figures;

namespace MetaMessaging.Application.Operations;

/// <summary>The installation's deliveries by state, for monitoring.</summary>
public sealed record CountDeliveries : IRequest<IReadOnlyDictionary<WebhookDeliveryState, int>>;

internal sealed class CountDeliveriesHandler(IAppDbContext db)
    : IRequestHandler<CountDeliveries, IReadOnlyDictionary<WebhookDeliveryState, int>>
{
    public async Task<IReadOnlyDictionary<WebhookDeliveryState, int>> Handle(CountDeliveries request, CancellationToken cancellationToken)
    {
        var counted = await db.CountDeliveriesAsync(cancellationToken);
        return new Dictionary<WebhookDeliveryState, int>
        {
            [WebhookDeliveryState.Pending] = counted[CounterName.PendingDeliveries] + counted[CounterName.ReplayedDeliveries],
            [WebhookDeliveryState.Processed] = counted[CounterName.ProcessedDeliveries],
            [WebhookDeliveryState.Failed] = counted[CounterName.FailedDeliveries],
            [WebhookDeliveryState.Ignored] = counted[CounterName.IgnoredDeliveries],
        };
    }
}
