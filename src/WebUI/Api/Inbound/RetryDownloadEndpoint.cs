using MetaMessaging.Application.Conversations;
using MetaMessaging.Application.Inbound;
using MetaMessaging.WebUI.Api.Conversations;

namespace MetaMessaging.WebUI.Api.Inbound;

internal sealed class RetryDownloadEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/attachments/{id:long}/retry", HandleAsync)
        .RequireAuthorization(Policies.WriteConversations)
        .WithTags("Conversations").WithSummary("Downloads a failed attachment again")
        .WithDescription(
            "For an attachment in the state `failed`; it is `pending` in the answer, which is its message. If its address has expired, "
            + "Meta is asked for a new one. `GET /api/messages/{id}` tells how it ended.")
        .WithProblems("attachment_not_found", "attachment_not_failed", "changed_meanwhile")
        .WithExamples(MessageExamples.Downloading);

    private static async Task<Accepted<MessageModel>> HandleAsync(long id, IMediator mediator, CancellationToken cancellationToken)
    {
        var message = await mediator.Send(new RetryDownload(id), cancellationToken);
        return TypedResults.Accepted($"/api/messages/{message.Id}", message);
    }
}
