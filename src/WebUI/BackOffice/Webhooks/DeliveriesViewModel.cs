using MetaMessaging.Application.Common;
using MetaMessaging.Application.Connections;
using MetaMessaging.Application.Operations;

namespace MetaMessaging.WebUI.BackOffice;

public sealed record DeliveriesViewModel(
    DeliveryFilterForm Filter, Page<WebhookDeliveryItem> Deliveries, WebhookSummary Summary, IReadOnlyList<ReplayModel> Replays, IReadOnlyList<ConnectionModel> Connections,
    bool IsFirstPage);

public sealed record DeliveryViewModel(WebhookDeliveryModel Delivery, DeliveryPayload Payload);
