using MetaMessaging.Application.Connections;
using MetaMessaging.Application.Operations;

namespace MetaMessaging.WebUI.BackOffice;

[Authorize(Policy = Policies.Ops)]
public sealed class WebhooksController(IMediator mediator) : BackOfficeController(mediator)
{
    [HttpGet("/ops/webhooks")]
    public Task<IActionResult> Index(DeliveryFilterForm filter, string? cursor, long? replay, CancellationToken cancellationToken) =>
        ListView(filter, cursor, replay, cancellationToken);

    [HttpGet("/ops/webhooks/summary")]
    public async Task<IActionResult> Summary(CancellationToken cancellationToken) =>
        PartialView("_Summary", await SummaryAsync(cancellationToken));

    /// <param name="all">Replay every delivery that the filter matches, instead of the selected ones.</param>
    [HttpPost("/ops/webhooks/replay")]
    public async Task<IActionResult> ReplayMany(long[] ids, bool all, DeliveryFilterForm filter, CancellationToken cancellationToken)
    {
        var request = all ? filter.ToReplay(ReaderTimeZone.Of(Request)) : new ReplayWebhookDeliveries(ids);
        return await TryAskAsync(request, cancellationToken) is { } replay
            ? RedirectToAction(nameof(Index), filter.ToRouteValues(("replay", replay.Id)))
            : await ListView(filter, null, null, cancellationToken);
    }

    [HttpGet("/ops/webhooks/replays/{id:long}")]
    public async Task<IActionResult> Progress(long id, CancellationToken cancellationToken) =>
        PartialView("_Replay", await Mediator.Send(new GetReplay(id), cancellationToken));

    [HttpGet("/ops/webhooks/{id:long}")]
    public Task<IActionResult> Details(long id, CancellationToken cancellationToken) => DetailsView(id, cancellationToken);

    [HttpGet("/ops/webhooks/{id:long}/outcome")]
    public async Task<IActionResult> Outcome(long id, CancellationToken cancellationToken) =>
        PartialView("_Outcome", await Mediator.Send(new GetWebhookDelivery(id), cancellationToken));

    [HttpGet("/ops/webhooks/{id:long}/payload")]
    public async Task<IActionResult> Payload(long id, CancellationToken cancellationToken)
    {
        var payload = await Mediator.Send(new GetWebhookPayload(id), cancellationToken);
        var extension = DeliveryPayload.Of(payload).Kind is PayloadKind.Json ? "json" : "bin";
        return File(payload, "application/octet-stream", $"delivery-{id}.{extension}");
    }

    [HttpPost("/ops/webhooks/{id:long}/replay")]
    public async Task<IActionResult> Replay(long id, CancellationToken cancellationToken) =>
        await TrySendAsync(new ReplayWebhookDelivery(id), cancellationToken)
            ? RedirectToAction(nameof(Details), new { id })
            : await DetailsView(id, cancellationToken);

    private async Task<IActionResult> ListView(DeliveryFilterForm filter, string? cursor, long? replay, CancellationToken cancellationToken)
    {
        var deliveries = await TryAskAsync(filter.ToList(ReaderTimeZone.Of(Request), cursor), cancellationToken);
        filter.Connections = (await Mediator.Send(new GetIntegrationStatus(), cancellationToken)).Connections;
        return View("Index", new DeliveriesViewModel(
            filter, deliveries ?? new Page<WebhookDeliveryItem>([], null), await SummaryAsync(cancellationToken),
            await Mediator.Send(new ListReplays(replay), cancellationToken), cursor is null));
    }

    private async Task<SummaryViewModel> SummaryAsync(CancellationToken cancellationToken) => new(
        await Mediator.Send(new GetWebhookSummary(), cancellationToken), await Mediator.Send(new ListNodes(), cancellationToken));

    private async Task<IActionResult> DetailsView(long id, CancellationToken cancellationToken)
    {
        var delivery = await Mediator.Send(new GetWebhookDelivery(id), cancellationToken);
        var payload = await Mediator.Send(new GetWebhookPayload(id), cancellationToken);
        return View("Details", new DeliveryViewModel(delivery, DeliveryPayload.Of(payload)));
    }
}

public sealed record DeliveriesViewModel(
    DeliveryFilterForm Filter, Page<WebhookDeliveryItem> Deliveries, SummaryViewModel Summary, IReadOnlyList<ReplayModel> Replays,
    bool IsFirstPage)
{
    /// <returns>The name of the Page with this id or linked Instagram account; the id itself when no such Page is connected.</returns>
    public string AccountName(string accountId) =>
        Filter.Connections.FirstOrDefault(c => c.PageId == accountId || c.InstagramAccountId == accountId)?.PageName ?? accountId;
}

public sealed record SummaryViewModel(WebhookSummary Figures, NodesModel Nodes);

public sealed record DeliveryViewModel(WebhookDeliveryModel Delivery, DeliveryPayload Payload);
