using MetaMessaging.Application.Conversations;
using MetaMessaging.Application.Outbound;
using MetaMessaging.WebUI.Api.Conversations;

namespace MetaMessaging.WebUI.Api.Outbound;

internal sealed class RetryMessageEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/messages/{id:long}/retry", HandleAsync)
        .RequireAuthorization(Policies.SendMessages)
        .WithTags("Sending").WithSummary("Retries a failed message")
        .WithDescription(
            "After the 24-hour messaging window, a message that a person wrote is sent with the tag `humanAgent` when a person retries it. "
            + "With an API key this requires `\"tag\": \"humanAgent\"` and `\"agentId\"`, as in `POST /api/messaging/send`; otherwise the "
            + "body is optional.")
        .WithProblems(
            "message_not_found", "message_not_failed", "channel_not_connected", "connection_expired", "sending_blocked",
            "outside_messaging_window", "human_agent_required", "changed_meanwhile")
        .WithExamples(new RetryBody(MessageTag.HumanAgent, 1), MessageExamples.Queued);

    private static async Task<Accepted<MessageModel>> HandleAsync(
        long id, RetryBody? body, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Accepted(
            $"/api/messages/{id}", await mediator.Send(new RetryMessage(id, body?.Tag, body?.AgentId), cancellationToken));

    internal sealed record RetryBody(MessageTag? Tag = null, long? AgentId = null);
}
