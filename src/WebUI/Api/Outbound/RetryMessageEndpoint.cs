using MediatR;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Application.Outbound;
using MetaMessaging.WebUI.OpenApi;
using MetaMessaging.WebUI.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MetaMessaging.WebUI.Api.Outbound;

internal sealed class RetryMessageEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/messages/{id:long}/retry", HandleAsync)
        .RequireAuthorization(Policies.SendMessages)
        .WithTags("Sending").WithSummary("Sends a failed message again")
        .WithProblems(
            "message_not_found", "message_not_failed", "channel_not_connected", "connection_expired", "sending_blocked",
            "outside_messaging_window", "human_agent_required", "changed_meanwhile");

    private static async Task<Accepted<MessageModel>> HandleAsync(long id, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Accepted($"/api/messages/{id}", await mediator.Send(new RetryMessage(id), cancellationToken));
}
