using MetaMessaging.Application.Contacts;

namespace MetaMessaging.WebUI.Api.Contacts;

internal sealed class EraseContactEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapDelete("/api/contacts/{id:long}", HandleAsync)
        .RequireAuthorization(Policies.WriteContacts)
        .WithTags("Contacts").WithSummary("Erases a contact")
        .WithDescription(
            "Erases the contact's ids, conversations, messages and files, also from the stored webhook deliveries. This cannot be undone. "
            + "When the person writes again, a new contact is created.")
        .WithProblems("contact_not_found", "changed_meanwhile");

    private static Task<NoContent> HandleAsync(long id, IMediator mediator, CancellationToken cancellationToken) =>
        mediator.SendForNoContentAsync(new EraseContact(id), cancellationToken);
}
