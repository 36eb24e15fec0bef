using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.Api.Conversations;

internal sealed class GetConversationEndpoint : IEndpoint
{
    public static ConversationModel Example => new(
        12, Channel.FacebookMessenger, ConversationStatus.Open,
        new ConversationContact(5, "Peter Chang", "/api/contacts/5/avatar"),
        ConnectionId: 2, new AssigneeModel(1, "Maria Lind"), UnreadCount: 1, MessageExamples.Received, LastMessageAt: ExampleValues.At,
        SnoozedUntil: null, MessagingWindow.At(ExampleValues.At, ExampleValues.At.AddHours(1)), ThreadOwnerAppId: null,
        MessageExamples.Referral, OptIn: null,
        new ConversationConnection("Blue Cup Coffee", "bluecup", true, null, null, null));

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/conversations/{id:long}", HandleAsync)
        .RequireAuthorization(Policies.ReadConversations)
        .WithTags("Conversations").WithSummary("Gets a conversation")
        .WithProblems("conversation_not_found")
        .WithExamples(Example);

    private static async Task<Ok<ConversationModel>> HandleAsync(long id, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new GetConversation(id), cancellationToken));
}
