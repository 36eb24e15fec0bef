using MetaMessaging.Application.CannedReplies;

namespace MetaMessaging.WebUI.Api.CannedReplies;

internal sealed class DeleteCannedReplyEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapDelete("/api/canned-replies/{id:long}", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("Canned replies").WithSummary("Deletes a canned reply")
        .WithProblems("canned_reply_not_found");

    private static Task<NoContent> HandleAsync(long id, IMediator mediator, CancellationToken cancellationToken) =>
        mediator.SendForNoContentAsync(new DeleteCannedReply(id), cancellationToken);
}
