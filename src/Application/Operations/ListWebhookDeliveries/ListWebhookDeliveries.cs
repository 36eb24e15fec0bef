namespace MetaMessaging.Application.Operations;

/// <summary>The stored webhook deliveries, newest first.</summary>
public sealed record ListWebhookDeliveries(
    WebhookDeliveryState? State = null,
    int? Limit = null,
    string? Cursor = null,
    string? Object = null,
    string? AccountId = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    string? Q = null)
    : IRequest<Page<WebhookDeliveryItem>>, IPaged, IDeliveryFilter;

/// <param name="AccountId">The Page or Instagram account that all its events are for.</param>
public sealed record WebhookDeliveryItem(
    long Id, DateTimeOffset ReceivedAt, string? Object, WebhookDeliveryState State, int Attempts, int EventCount, int FailedEvents,
    string? Error, DateTimeOffset? ProcessedAt, string? AccountId);

internal sealed class ListWebhookDeliveriesValidator : AbstractValidator<ListWebhookDeliveries>
{
    public ListWebhookDeliveriesValidator()
    {
        Include(new PagedValidator());
        Include(new DeliveryFilterValidator());
    }
}

internal sealed class ListWebhookDeliveriesHandler(IAppDbContext db, ICaller caller, OrganizationScope scope)
    : IRequestHandler<ListWebhookDeliveries, Page<WebhookDeliveryItem>>
{
    public Task<Page<WebhookDeliveryItem>> Handle(ListWebhookDeliveries request, CancellationToken cancellationToken) =>
        db.WebhookDeliveries.VisibleTo(caller, scope, isByAccount: !string.IsNullOrWhiteSpace(request.AccountId))
            .Matching(request, db)
            .ToPageByIdAsync<WebhookDelivery, WebhookDeliveryItem>(request, cancellationToken);
}
