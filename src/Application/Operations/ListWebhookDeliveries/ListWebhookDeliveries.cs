using FluentValidation;
using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Inbound;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Operations;

/// <summary>The durable inbox, newest first.</summary>
public sealed record ListWebhookDeliveries(
    WebhookDeliveryState? State = null, int? Limit = null, string? Cursor = null, string? Object = null, string? AccountId = null,
    DateTimeOffset? From = null, DateTimeOffset? To = null, string? Q = null)
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

internal sealed class ListWebhookDeliveriesHandler(IAppDbContext db, ICaller caller, OrganizationScope scope) : IRequestHandler<ListWebhookDeliveries, Page<WebhookDeliveryItem>>
{
    public async Task<Page<WebhookDeliveryItem>> Handle(ListWebhookDeliveries request, CancellationToken cancellationToken)
    {
        var limit = request.Limit ?? Cursor.DefaultLimit;
        var deliveries = db.WebhookDeliveries.AsNoTracking().VisibleTo(caller, scope).Matching(request, db.WebhookDeliveries);
        if (Cursor.Parse(request.Cursor) is { } after) deliveries = deliveries.Where(d => d.Id < after.Id);

        var found = await deliveries.OrderByDescending(d => d.Id).Take(limit + 1)
            .Select(d => new WebhookDeliveryItem(
                d.Id, d.ReceivedAt, d.Object, d.State, d.Attempts, d.EventCount, d.FailedEvents, d.Error, d.ProcessedAt, d.AccountId))
            .ToListAsync(cancellationToken);
        return Cursor.Cut(found, limit, d => new Cursor(d.ReceivedAt, d.Id));
    }
}
