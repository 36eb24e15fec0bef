using FluentValidation;
using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Inbound;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Operations;

/// <summary>The durable inbox, newest first.</summary>
public sealed record ListWebhookDeliveries(WebhookDeliveryState? State = null, int? Limit = null, string? Cursor = null)
    : IRequest<Page<WebhookDeliveryItem>>, IPaged;

public sealed record WebhookDeliveryItem(
    long Id, DateTimeOffset ReceivedAt, string? Object, WebhookDeliveryState State, int Attempts, int EventCount, int FailedEvents,
    string? Error, DateTimeOffset? ProcessedAt);

internal sealed class ListWebhookDeliveriesValidator : AbstractValidator<ListWebhookDeliveries>
{
    public ListWebhookDeliveriesValidator()
    {
        Include(new PagedValidator());
        RuleFor(l => l.State).IsInEnum();
    }
}

internal sealed class ListWebhookDeliveriesHandler(IAppDbContext db, ICaller caller, OrganizationScope scope) : IRequestHandler<ListWebhookDeliveries, Page<WebhookDeliveryItem>>
{
    public async Task<Page<WebhookDeliveryItem>> Handle(ListWebhookDeliveries request, CancellationToken cancellationToken)
    {
        var limit = request.Limit ?? Cursor.DefaultLimit;
        var deliveries = db.WebhookDeliveries.AsNoTracking().VisibleTo(caller, scope);
        if (request.State is { } state) deliveries = deliveries.Where(d => d.State == state);
        if (Cursor.Parse(request.Cursor) is { } after) deliveries = deliveries.Where(d => d.Id < after.Id);

        var found = await deliveries.OrderByDescending(d => d.Id).Take(limit + 1)
            .Select(d => new WebhookDeliveryItem(d.Id, d.ReceivedAt, d.Object, d.State, d.Attempts, d.EventCount, d.FailedEvents, d.Error, d.ProcessedAt))
            .ToListAsync(cancellationToken);
        return Cursor.Cut(found, limit, d => new Cursor(d.ReceivedAt, d.Id));
    }
}
