using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.Api.Conversations;

internal sealed class DeleteNoteEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapDelete("/api/conversations/{id:long}/notes/{noteId:long}", HandleAsync)
        .RequireAuthorization(Policies.Agent)
        .WithTags("Conversations").WithSummary("Deletes an internal note")
        .WithProblems("conversation_not_found", "note_not_found", "note_of_another_member");

    private static Task<NoContent> HandleAsync(long id, long noteId, IMediator mediator, CancellationToken cancellationToken) =>
        mediator.SendForNoContentAsync(new DeleteNote(id, noteId), cancellationToken);
}
