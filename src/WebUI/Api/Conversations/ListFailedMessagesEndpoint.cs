using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.Api.Conversations;

internal sealed class ListFailedMessagesEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/messages", HandleAsync)
        .RequireAuthorization(Policies.ReadConversations)
        .WithTags("Conversations").WithSummary("Messages that did not reach their customer, newest first")
        .WithDescription(
            "`status` has to be `failed`; other messages are listed by conversation. `class` is the kind of refusal. `from` is included, "
            + "`to` is not.")
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
