using MetaMessaging.Application.Contacts;

namespace MetaMessaging.WebUI.Api.Contacts;

internal sealed class ListContactsEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/contacts", HandleAsync)
        .RequireAuthorization(Policies.ReadContacts)
        .WithTags("Contacts").WithSummary("Lists contacts, newest first")
        .WithExamples(GetContactEndpoint.Example);

    private static async Task<Ok<Page<ContactModel>>> HandleAsync(
        string? q, int? limit, string? cursor, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new ListContacts(q, limit, cursor), cancellationToken));
}
