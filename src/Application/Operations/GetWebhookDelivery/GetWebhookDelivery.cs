using System.Text;
using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Inbound;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Operations;

/// <summary>One delivery with its body as it came.</summary>
public sealed record GetWebhookDelivery(long Id) : IRequest<WebhookDeliveryModel>;

public sealed record WebhookDeliveryModel(
    long Id, DateTimeOffset ReceivedAt, string? Object, WebhookDeliveryState State, int Attempts, int EventCount, int FailedEvents,
    string? Error, DateTimeOffset? ProcessedAt, string Payload);

internal sealed class GetWebhookDeliveryHandler(IAppDbContext db, ICaller caller, OrganizationScope scope) : IRequestHandler<GetWebhookDelivery, WebhookDeliveryModel>
{
    public async Task<WebhookDeliveryModel> Handle(GetWebhookDelivery request, CancellationToken cancellationToken)
    {
        var d = await db.WebhookDeliveries.AsNoTracking().VisibleTo(caller, scope).SingleOrDefaultAsync(d => d.Id == request.Id, cancellationToken)
            ?? throw new NotFoundException("webhook_delivery_not_found");
        return new WebhookDeliveryModel(
            d.Id, d.ReceivedAt, d.Object, d.State, d.Attempts, d.EventCount, d.FailedEvents, d.Error, d.ProcessedAt, Encoding.UTF8.GetString(d.Payload));
    }
}
