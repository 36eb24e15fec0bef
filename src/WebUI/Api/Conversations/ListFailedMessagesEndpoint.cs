using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.Api.Conversations;

internal sealed class ListFailedMessagesEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/messages", HandleAsync)
        .RequireAuthorization(Policies.ReadConversations)
        .WithTags("Conversations").WithSummary("Lists failed messages of all conversations, newest first")
        .WithDescription(
            "`status` must be `failed`; other messages are listed by conversation. `class` filters by the kind of refusal. `from` is "
            + "inclusive, `to` exclusive.")
        .WithExamples(new FailedMessage(
            MessageExamples.Failed, RefusalClass.Recipient, new ConversationContact(5, "Peter Chang", "/api/contacts/5/avatar"), 2,
            "Blue Cup Coffee"));

    private static async Task<Ok<Page<FailedMessage>>> HandleAsync(
        QueryEnum<MessageStatus>? status, QueryEnum<Channel>? channel, long? connectionId,
        [FromQuery(Name = "class")] QueryEnum<RefusalClass>? refusalClass, DateTimeOffset? from, DateTimeOffset? to, int? limit,
        string? cursor, IMediator mediator, CancellationToken cancellationToken)
    {
        var request = new ListFailedMessages(status?.Value, channel?.Value, connectionId, refusalClass?.Value, from, to, limit, cursor);
        return TypedResults.Ok(await mediator.Send(request, cancellationToken));
    }
}
