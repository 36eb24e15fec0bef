using MediatR;
using MetaMessaging.Application.Conversations;
using MetaMessaging.WebUI.OpenApi;
using MetaMessaging.WebUI.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MetaMessaging.WebUI.Api.Conversations;

internal sealed class GetConversationEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/conversations/{id:long}", HandleAsync)
        .RequireAuthorization(Policies.ReadConversations)
        .WithTags("Conversations").WithSummary("One conversation")
        .WithProblems("conversation_not_found");

    private static async Task<Ok<ConversationModel>> HandleAsync(long id, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new GetConversation(id), cancellationToken));
}
