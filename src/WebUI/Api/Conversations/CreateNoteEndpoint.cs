using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.Api.Conversations;

internal sealed class CreateNoteEndpoint : IEndpoint
{
    public static NoteModel Example => new(
        3, 12, "@Anton Berg can you check the stock?", new NoteMember(1, "Maria Lind"), [new NoteMember(2, "Anton Berg")],
        ExampleValues.At);

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/conversations/{id:long}/notes", HandleAsync)
        .RequireAuthorization(Policies.Agent)
        .WithTags("Conversations").WithSummary("Adds an internal note to a conversation")
        .WithDescription(
            "A note is for the organization's members and never sent to the customer. `mentions` lists the user ids of members who are "
            + "told. Notes are part of the timeline. An API key cannot write notes, because a note has a person as its author.")
        .WithProblems("conversation_not_found", "member_not_found")
        .WithExamples(new NewNote(Example.Text, [2]), Example);

    private static async Task<Created<NoteModel>> HandleAsync(
        long id, NewNote note, IMediator mediator, CancellationToken cancellationToken)
    {
        var created = await mediator.Send(new CreateNote(id, note.Text, note.Mentions), cancellationToken);
        return TypedResults.Created($"/api/conversations/{id}/timeline", created);
    }

    internal sealed record NewNote(string? Text, IReadOnlyList<long>? Mentions = null);
}
