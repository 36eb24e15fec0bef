using MetaMessaging.Application.Operations;

namespace MetaMessaging.WebUI.Api.Operations;

internal sealed class GetWebhookSummaryEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/ops/webhook-deliveries/summary", HandleAsync)
        .RequireAuthorization(Policies.Ops)
        .WithTags("Operations")
        .WithSummary("Gets the backlog, lag, latency and refused signatures of webhooks, and the length of SQLite's write-ahead log")
        .WithExamples(new WebhookSummary(
            0, 0, null, 0, new WebhookLatency(24, 130), new RefusedSignaturesModel(0, null), 0, new WriteAheadLogModel(4_152_992, false)));

    private static async Task<Ok<WebhookSummary>> HandleAsync(IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new GetWebhookSummary(), cancellationToken));
}
