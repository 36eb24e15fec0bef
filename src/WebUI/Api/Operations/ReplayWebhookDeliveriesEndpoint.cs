using MetaMessaging.Application.Operations;

namespace MetaMessaging.WebUI.Api.Operations;

internal sealed class ReplayWebhookDeliveriesEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/ops/webhook-deliveries/replay", HandleAsync)
        .RequireAuthorization(Policies.Ops)
        .WithTags("Operations").WithSummary("Replays several webhook deliveries")
        .WithDescription(
            "Processes the deliveries again. The body has either `ids` (at most 1,000), or a `state` with optional `object`, `accountId`, "
            + "`from`, `to` and `q`. A replay can be repeated safely.")
        .WithExamples(
            new ReplayWebhookDeliveries(
                State: WebhookDeliveryState.Failed, From: ExampleValues.At.AddDays(-1), To: ExampleValues.At),
            GetReplayEndpoint.Example);

    private static async Task<Accepted<ReplayModel>> HandleAsync(
        ReplayWebhookDeliveries request, IMediator mediator, CancellationToken cancellationToken)
    {
        var replay = await mediator.Send(request, cancellationToken);
        return TypedResults.Accepted($"/api/ops/webhook-deliveries/replays/{replay.Id}", replay);
    }
}
