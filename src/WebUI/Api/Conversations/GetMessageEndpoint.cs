using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.Api.Conversations;

internal sealed class GetMessageEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/messages/{id:long}", HandleAsync)
        .RequireAuthorization(Policies.ReadConversations)
        .WithTags("Conversations").WithSummary("Gets a message")
        .WithProblems("message_not_found")
        .WithExamples(MessageExamples.Received);

    private static async Task<Ok<MessageModel>> HandleAsync(long id, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new GetMessage(id), cancellationToken));
}
