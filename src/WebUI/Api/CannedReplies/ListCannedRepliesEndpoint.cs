using MetaMessaging.Application.CannedReplies;

namespace MetaMessaging.WebUI.Api.CannedReplies;

internal sealed class ListCannedRepliesEndpoint : IEndpoint
{
    public static CannedReplyModel Example => new(
        6, "Opening hours", "hours", "Hello {{contact.firstName|there}}, we are here from 9 to 17.");

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/canned-replies", HandleAsync)
        .RequireAuthorization(Policies.ReadConversations)
        .WithTags("Canned replies").WithSummary("Lists canned replies, newest first")
        .WithExamples(Example);

    private static async Task<Ok<Page<CannedReplyModel>>> HandleAsync(
        IMediator mediator, CancellationToken cancellationToken, int? limit = null, string? cursor = null) =>
        TypedResults.Ok(await mediator.Send(new ListCannedReplies(limit, cursor), cancellationToken));
}
