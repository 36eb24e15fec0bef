using MetaMessaging.Application.Conversations;
using MetaMessaging.Application.Inbound;
using MetaMessaging.WebUI.Api.Conversations;

namespace MetaMessaging.WebUI.Api.Inbound;

internal sealed class RetryDownloadEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/attachments/{id:long}/retry", HandleAsync)
        .RequireAuthorization(Policies.WriteConversations)
        .WithTags("Conversations").WithSummary("Retries a failed download of an attachment")
        .WithDescription(
            "The attachment must be in the state `failed`. The answer is its message, in which the attachment is `pending`. If the source "
            + "address has expired, Meta is asked for a new one. Read the outcome with `GET /api/messages/{id}`.")
        .WithProblems("attachment_not_found", "attachment_not_failed", "changed_meanwhile")
        .WithExamples(MessageExamples.Downloading);

    private static async Task<Accepted<MessageModel>> HandleAsync(long id, IMediator mediator, CancellationToken cancellationToken)
    {
        var message = await mediator.Send(new RetryDownload(id), cancellationToken);
        return TypedResults.Accepted($"/api/messages/{message.Id}", message);
    }
}
