using MetaMessaging.Application.Operations;

namespace MetaMessaging.WebUI.BackOffice;

public sealed record DeliveriesViewModel(
    DeliveryFilterForm Filter,
    Page<WebhookDeliveryItem> Deliveries,
    WebhookSummary Summary,
    IReadOnlyList<ReplayModel> Replays,
    bool IsFirstPage)
{
    /// <returns>The name of the Page with this id or linked Instagram account; the id itself when no such Page is connected.</returns>
    public string AccountName(string accountId) =>
        Filter.Connections.FirstOrDefault(c => c.PageId == accountId || c.InstagramAccountId == accountId)?.PageName ?? accountId;
}

public sealed record DeliveryViewModel(WebhookDeliveryModel Delivery, DeliveryPayload Payload);
