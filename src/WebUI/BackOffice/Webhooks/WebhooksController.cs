using System.Text.Encodings.Web;
using System.Text.Json;
using MediatR;
using MetaMessaging.Application.Operations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.WebUI.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace MetaMessaging.WebUI.BackOffice;

[Authorize(Policy = Policies.Ops)]
public sealed class WebhooksController(IMediator mediator) : BackOfficeController(mediator)
{
    // Read by people, and encoded by the view: letters of other languages need no escape.
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [HttpGet("/ops/webhooks")]
    public async Task<IActionResult> Index(WebhookDeliveryState? state, string? cursor, CancellationToken cancellationToken) =>
        View(new DeliveriesViewModel(state, await Mediator.Send(new ListWebhookDeliveries(state, Cursor: cursor), cancellationToken)));

    [HttpGet("/ops/webhooks/{id:long}")]
    public Task<IActionResult> Details(long id, CancellationToken cancellationToken) => DetailsView(id, cancellationToken);

    [HttpPost("/ops/webhooks/{id:long}/replay")]
    public async Task<IActionResult> Replay(long id, CancellationToken cancellationToken) =>
        await TrySendAsync(new ReplayWebhookDelivery(id), cancellationToken)
            ? RedirectToAction(nameof(Details), new { id })
            : await DetailsView(id, cancellationToken);

    private async Task<IActionResult> DetailsView(long id, CancellationToken cancellationToken)
    {
        var delivery = await Mediator.Send(new GetWebhookDelivery(id), cancellationToken);
        return View("Details", new DeliveryViewModel(delivery, Pretty(delivery.Payload)));
    }

    private static string Pretty(string payload)
    {
        try
        {
            using var json = JsonDocument.Parse(payload);
            return JsonSerializer.Serialize(json.RootElement, Readable);
        }
        catch (JsonException)
        {
            return payload;
        }
    }
}
