using MetaMessaging.Application.CannedReplies;

namespace MetaMessaging.WebUI.Api.CannedReplies;

internal sealed class UpdateCannedReplyEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/api/canned-replies/{id:long}", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("Canned replies").WithSummary("Replaces a canned reply")
        .WithProblems("canned_reply_not_found", "shortcut_taken", "changed_meanwhile")
        .WithExamples(
            new CannedReplyContent("Opening hours", "hours", "Hello {{contact.firstName|there}}, we are here from 9 to 18."),
            ListCannedRepliesEndpoint.Example);

    private static async Task<Ok<CannedReplyModel>> HandleAsync(
        long id, CannedReplyContent content, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new UpdateCannedReply(id, content.Name, content.Shortcut, content.Text), cancellationToken));

    internal sealed record CannedReplyContent(string? Name, string? Shortcut, string? Text);
}
