using MetaMessaging.Application.Operations;

namespace MetaMessaging.WebUI.Api.Operations;

internal sealed class GetSendingEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/ops/sending", HandleAsync)
        .RequireAuthorization(Policies.Ops)
        .WithTags("Operations").WithSummary("Gets the send queue, Meta's refusals and the use of each Page's rate limits")
        .WithDescription(
            "Refusals are those of all nodes. `calls` and `usage` are those that the answering node has seen.")
        .WithExamples(new SendingModel(
            3, 1, 2, [new RefusalCount(RefusalClass.Recipient, 551, 1545041, 2, 9)], new GraphUsageModel("app", 12, 3, 4, ExampleValues.At),
            [new PageAllowance(2, ExampleValues.PageId, "Blue Cup Coffee", ConnectionState.Active, null, [Messenger])]));

    private static AccountAllowance Messenger => new(
        Channel.FacebookMessenger, ExampleValues.PageId, RestrictedUntil: null,
        new GraphAllowance(
            [new CallBudgetModel("messages", 100, 10, 0)], [new GraphUsageModel("messenger", 28, 25, 25, ExampleValues.At)], null));

    private static async Task<Ok<SendingModel>> HandleAsync(IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new GetSending(), cancellationToken));
}
