using MetaMessaging.Application.Operations;

namespace MetaMessaging.WebUI.Api.Operations;

internal sealed class GetWebhookDeliveryEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/ops/webhook-deliveries/{id:long}", HandleAsync)
        .RequireAuthorization(Policies.Ops)
        .WithTags("Operations").WithSummary("Gets a webhook delivery with its original body")
        .WithProblems("webhook_delivery_not_found")
        .WithExamples(new WebhookDeliveryModel(
            901, ExampleValues.At, "page", WebhookDeliveryState.Processed, Attempts: 1, EventCount: 1, FailedEvents: 0, Error: null,
            ExampleValues.At.AddMilliseconds(38), ExampleValues.PageId, LatencyMilliseconds: 38, [Event],
            """{"object":"page","entry":[…]}"""));

    private static WebhookEventModel Event => new(
        0, "Message", EventOutcomeKind.Processed, Reason: null, ExampleValues.PageId, ExampleValues.Psid, ExampleValues.Mid,
        IsStandby: false, ExampleValues.At, MessageId: 76, ConversationId: 12);

    private static async Task<Ok<WebhookDeliveryModel>> HandleAsync(long id, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new GetWebhookDelivery(id), cancellationToken));
}
