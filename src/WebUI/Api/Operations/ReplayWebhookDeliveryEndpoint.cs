using MetaMessaging.Application.Operations;

namespace MetaMessaging.WebUI.Api.Operations;

internal sealed class ReplayWebhookDeliveryEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/ops/webhook-deliveries/{id:long}/replay", HandleAsync)
        .RequireAuthorization(Policies.Ops)
        .WithTags("Operations").WithSummary("Replays a webhook delivery; safe to repeat")
        .WithProblems("webhook_delivery_not_found");

    private static async Task<Accepted> HandleAsync(long id, IMediator mediator, CancellationToken cancellationToken)
    {
        await mediator.Send(new ReplayWebhookDelivery(id), cancellationToken);
        return TypedResults.Accepted($"/api/ops/webhook-deliveries/{id}");
    }
}
