using MetaMessaging.Application.Contacts;

namespace MetaMessaging.WebUI.Api.Contacts;

internal sealed class MergeContactsEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/contacts/{id:long}/merge", HandleAsync)
        .RequireAuthorization(Policies.WriteContacts)
        .WithTags("Contacts").WithSummary("Merges two contacts")
        .WithDescription(
            "Moves the ids and conversations of `otherContactId` to the contact in the path, and deletes the other contact. "
            + "`POST /api/contacts/{id}/unmerge` makes a contact of its own of an id again.")
        .WithProblems("contact_not_found", "same_contact", "changed_meanwhile")
        .WithExamples(new MergeBody(8), GetContactEndpoint.Example);

    private static async Task<Ok<ContactModel>> HandleAsync(
        long id, MergeBody body, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new MergeContacts(id, body.OtherContactId), cancellationToken));

    internal sealed record MergeBody(long OtherContactId);
}
