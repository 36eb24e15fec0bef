using MetaMessaging.Application.Contacts;

namespace MetaMessaging.WebUI.Api.Contacts;

internal sealed class RenameContactEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPatch("/api/contacts/{id:long}", HandleAsync)
        .RequireAuthorization(Policies.WriteContacts)
        .WithTags("Contacts").WithSummary("Renames a contact")
        .WithDescription("The new name is kept: later profile updates from Meta do not replace it.")
        .WithProblems("contact_not_found", "changed_meanwhile")
        .WithExamples(new ContactChanges("Peter from the market"), GetContactEndpoint.Example);

    private static async Task<Ok<ContactModel>> HandleAsync(
        long id, ContactChanges changes, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new RenameContact(id, changes.Name), cancellationToken));

    internal sealed record ContactChanges(string? Name);
}
