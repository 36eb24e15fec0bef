using MetaMessaging.Application.CannedReplies;

namespace MetaMessaging.WebUI.Api.CannedReplies;

internal sealed class OfferCannedRepliesEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/conversations/{id:long}/canned-replies", HandleAsync)
        .RequireAuthorization(Policies.ReadConversations)
        .WithTags("Canned replies").WithSummary("Canned replies, filled in for a conversation")
        .WithDescription(
            "All of them, by shortcut. A customer whose name is not known is `there`, unless the placeholder says otherwise: "
            + "`{{contact.name|friend}}`.")
        .WithProblems("conversation_not_found")
        .WithExamples(new OfferedCannedReply(6, "Opening hours", "hours", "Hello Peter, we are here from 9 to 17."));

    private static async Task<Ok<Page<OfferedCannedReply>>> HandleAsync(long id, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Page<OfferedCannedReply>(await mediator.Send(new OfferCannedReplies(id), cancellationToken), null));
}
