using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.Api.Conversations;

internal sealed class MarkConversationUnreadEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/conversations/{id:long}/unread", HandleAsync)
        .RequireAuthorization(Policies.WriteConversations)
        .WithTags("Conversations").WithSummary("Marks a conversation as unread from its last inbound message")
        .WithDescription("The customer is not told. A conversation that is unread already, or without an inbound message, stays as it is.")
        .WithProblems("conversation_not_found", "changed_meanwhile");

    private static Task<NoContent> HandleAsync(long id, IMediator mediator, CancellationToken cancellationToken) =>
        mediator.SendForNoContentAsync(new MarkConversationUnread(id), cancellationToken);
}
