using MetaMessaging.Application.Operations;

namespace MetaMessaging.WebUI.Api.Operations;

internal sealed class ListWebhookDeliveriesEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/ops/webhook-deliveries", HandleAsync)
        .RequireAuthorization(Policies.Ops)
        .WithTags("Operations").WithSummary("Lists webhook deliveries, newest first")
        .WithDescription(
            "`from` is inclusive, `to` exclusive. `q` is the id of a delivery, or text that its body contains, such as a mid; without "
            + "`from` the newest 50,000 deliveries are searched, or for the mid of a stored message the 50,000 from that message on.")
        .WithExamples(new WebhookDeliveryItem(
            901, ExampleValues.At, "page", WebhookDeliveryState.Processed, Attempts: 1, EventCount: 1, FailedEvents: 0, Error: null,
            ExampleValues.At.AddMilliseconds(38), ExampleValues.PageId));

    private static async Task<Ok<Page<WebhookDeliveryItem>>> HandleAsync(
        QueryEnum<WebhookDeliveryState>? state, [FromQuery(Name = "object")] string? objectName, string? accountId, DateTimeOffset? from,
        DateTimeOffset? to, string? q, int? limit, string? cursor, IMediator mediator, CancellationToken cancellationToken)
    {
        var request = new ListWebhookDeliveries(state?.Value, limit, cursor, objectName, accountId, from, to, q);
        return TypedResults.Ok(await mediator.Send(request, cancellationToken));
    }
}
