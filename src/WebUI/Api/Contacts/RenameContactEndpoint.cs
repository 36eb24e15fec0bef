using MetaMessaging.Application.Contacts;

namespace MetaMessaging.WebUI.Api.Contacts;

internal sealed class RenameContactEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPatch("/api/contacts/{id:long}", HandleAsync)
        .RequireAuthorization(Policies.WriteContacts)
        .WithTags("Contacts").WithSummary("Gives a person another name")
        .WithDescription("From then on it stays: what Meta says of the person no longer takes its place.")
        .WithProblems("contact_not_found", "changed_meanwhile")
        .WithExamples(new ContactChanges("Peter from the market"), GetContactEndpoint.Example);

    private static async Task<Ok<ContactModel>> HandleAsync(
        long id, ContactChanges changes, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new RenameContact(id, changes.Name), cancellationToken));

    internal sealed record ContactChanges(string? Name);
}
