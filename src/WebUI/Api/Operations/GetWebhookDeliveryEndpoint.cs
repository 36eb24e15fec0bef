using MediatR;
using MetaMessaging.Application.Operations;
using MetaMessaging.WebUI.OpenApi;
using MetaMessaging.WebUI.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MetaMessaging.WebUI.Api.Operations;

internal sealed class GetWebhookDeliveryEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/ops/webhook-deliveries/{id:long}", HandleAsync)
        .RequireAuthorization(Policies.Ops)
        .WithTags("Operations").WithSummary("One delivery with its body as it came")
        .WithProblems("webhook_delivery_not_found");

    private static async Task<Ok<WebhookDeliveryModel>> HandleAsync(long id, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new GetWebhookDelivery(id), cancellationToken));
}
