using MetaMessaging.Application.Common;
using MetaMessaging.Application.Operations;
using MetaMessaging.Domain.Inbound;

namespace MetaMessaging.WebUI.BackOffice;

public sealed record DeliveriesViewModel(WebhookDeliveryState? State, Page<WebhookDeliveryItem> Deliveries);

/// <param name="Payload">Indented where it is JSON, as it came where it is not.</param>
public sealed record DeliveryViewModel(WebhookDeliveryModel Delivery, string Payload);
