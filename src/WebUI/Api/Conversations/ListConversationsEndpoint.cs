using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.Api.Conversations;

internal sealed class ListConversationsEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/conversations", HandleAsync)
        .RequireAuthorization(Policies.ReadConversations)
        .WithTags("Conversations").WithSummary("Lists conversations, latest activity first")
        .WithParameterExample("connectionId", 2)
        .WithParameterExample("assignee", "me")
        .WithParameterExample("unread", true)
        .WithDescription("`mentioned` asks for unread notes that mention the caller; an API key is mentioned nowhere.")
        .WithExamples(GetConversationEndpoint.Example);

    private static async Task<Ok<Page<ConversationModel>>> HandleAsync(
        QueryEnum<Channel>? channel, long? connectionId, QueryEnum<ConversationStatus>? status, string? assignee, bool? unread,
        bool? mentioned, string? q, int? limit, string? cursor, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(
            new ListConversations(
                channel?.Value, status?.Value, assignee, unread, q, limit, cursor, ConnectionId: connectionId, Mentioned: mentioned),
            cancellationToken));
}
