using MetaMessaging.Application.Contacts;
using MetaMessaging.Domain.Contacts;

namespace MetaMessaging.WebUI.Api.Contacts;

internal sealed class GetContactEndpoint : IEndpoint
{
    public static ContactModel Example => new(
        5, "Peter Chang", "/api/contacts/5/avatar", ProfileState.Complete, ExampleValues.At,
        [new FacebookIdentityModel(8, ExampleValues.PageId, ExampleValues.Psid)],
        [new InstagramIdentityModel(5, ExampleValues.IgAccountId, "1234567890123456", "peter.chang", false, 412, true, false)],
        [new ContactConversation(12, Channel.FacebookMessenger, ExampleValues.At)]);

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/contacts/{id:long}", HandleAsync)
        .RequireAuthorization(Policies.ReadContacts)
        .WithTags("Contacts").WithSummary("Gets a contact")
        .WithProblems("contact_not_found")
        .WithExamples(Example);

    private static async Task<Ok<ContactModel>> HandleAsync(long id, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new GetContact(id), cancellationToken));
}
