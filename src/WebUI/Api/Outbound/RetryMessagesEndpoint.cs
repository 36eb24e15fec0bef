using MetaMessaging.Application.Outbound;

namespace MetaMessaging.WebUI.Api.Outbound;

internal sealed class RetryMessagesEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/messages/retry", HandleAsync)
        .RequireAuthorization(Policies.SendMessages)
        .WithTags("Sending").WithSummary("Sends many failed messages again")
        .WithDescription(
            "Either `ids`, or `\"all\": true` with the filter of `GET /api/messages?status=failed`: then those that may succeed and were "
            + "certainly not sent, the oldest 1,000 of them; `left` says how many more there are. A message that may not be sent now is "
            + "named in `refused` and does not hold up the others.")
        .WithProblems("changed_meanwhile")
        .WithExamples(new RetryMessages([77]), new RetriedMessages(1, [Refused], 0));

    private static RefusedRetry Refused => new(
        78, "outside_messaging_window",
        "More than seven days have passed since the customer's last message. You can reply again when they write.");

    private static async Task<Accepted<RetriedMessages>> HandleAsync(
        RetryMessages request, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Accepted((string?)null, await mediator.Send(request, cancellationToken));
}
