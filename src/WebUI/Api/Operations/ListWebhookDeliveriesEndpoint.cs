using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Operations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.WebUI.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MetaMessaging.WebUI.Api.Operations;

internal sealed class ListWebhookDeliveriesEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/ops/webhook-deliveries", HandleAsync)
        .RequireAuthorization(Policies.Ops)
        .WithTags("Operations").WithSummary("The durable inbox, newest first");

    private static async Task<Ok<Page<WebhookDeliveryItem>>> HandleAsync(
        QueryEnum<WebhookDeliveryState>? state, int? limit, string? cursor, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new ListWebhookDeliveries(state?.Value, limit, cursor), cancellationToken));
}
