using MetaMessaging.Application.CannedReplies;

namespace MetaMessaging.WebUI.Api.CannedReplies;

internal sealed class OfferCannedRepliesEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/conversations/{id:long}/canned-replies", HandleAsync)
        .RequireAuthorization(Policies.ReadConversations)
        .WithTags("Canned replies").WithSummary("Lists canned replies with placeholders filled in for a conversation")
        .WithDescription(
            "Returns all canned replies, ordered by shortcut. When the customer's name is unknown, the placeholder's fallback takes its "
            + "place, as in `{{contact.name|friend}}`; without a fallback it is `there`.")
        .WithProblems("conversation_not_found")
        .WithExamples(new OfferedCannedReply(6, "Opening hours", "hours", "Hello Peter, we are here from 9 to 17."));

    private static async Task<Ok<Page<OfferedCannedReply>>> HandleAsync(long id, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Page<OfferedCannedReply>(await mediator.Send(new OfferCannedReplies(id), cancellationToken), null));
}
