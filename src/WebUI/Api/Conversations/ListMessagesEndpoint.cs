using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.Api.Conversations;

internal sealed class ListMessagesEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/conversations/{id:long}/messages", HandleAsync)
        .RequireAuthorization(Policies.ReadConversations)
        .WithTags("Conversations").WithSummary("Lists a conversation's messages, newest first")
        .WithProblems("conversation_not_found")
        .WithExamples(MessageExamples.Received);

    private static async Task<Ok<Page<MessageModel>>> HandleAsync(
        long id, int? limit, string? cursor, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new ListMessages(id, limit, cursor), cancellationToken));
}
