using MetaMessaging.Application.Outbound;

namespace MetaMessaging.WebUI.Api.Outbound;

internal sealed class RetryMessagesEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/messages/retry", HandleAsync)
        .RequireAuthorization(Policies.SendMessages)
        .WithTags("Sending").WithSummary("Retries several failed messages")
        .WithDescription(
            "Takes either `ids`, or `\"all\": true` with the filters of `GET /api/messages?status=failed`. `all` retries the oldest 1,000 "
            + "messages that were certainly not sent and may succeed now; `left` is the number of those that remain. A message that must "
            + "not be sent now is listed in `refused`; the others are retried.")
        .WithProblems("changed_meanwhile")
        .WithExamples(new RetryMessages([77]), new RetriedMessages(1, [Refused], 0));

    private static RefusedRetry Refused => new(
        78, "outside_messaging_window",
        "More than seven days have passed since the customer's last message. You can reply again when they write.");

    private static async Task<Accepted<RetriedMessages>> HandleAsync(
        RetryMessages request, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Accepted((string?)null, await mediator.Send(request, cancellationToken));
}
