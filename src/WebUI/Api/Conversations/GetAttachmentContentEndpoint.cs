using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.Api.Conversations;

internal sealed class GetAttachmentContentEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/attachments/{id:long}/content", HandleAsync)
        .RequireAuthorization(Policies.ReadConversations)
        .WithSecurityHeadersPolicy(ContentSecurity.ReceivedFiles)
        .WithTags("Conversations").WithSummary("Gets the file of an attachment")
        .WithProblems("attachment_not_found");

    private static async Task<FileStreamHttpResult> HandleAsync(
        long id, bool? thumbnail, HttpContext context, IMediator mediator, CancellationToken cancellationToken) =>
        MediaAnswer.Of(context, await mediator.Send(new GetAttachmentContent(id, thumbnail ?? false), cancellationToken));
}
