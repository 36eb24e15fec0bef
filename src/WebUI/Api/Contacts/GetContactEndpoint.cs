using MediatR;
using MetaMessaging.Application.Contacts;
using MetaMessaging.WebUI.OpenApi;
using MetaMessaging.WebUI.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MetaMessaging.WebUI.Api.Contacts;

internal sealed class GetContactEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/contacts/{id:long}", HandleAsync)
        .RequireAuthorization(Policies.ReadContacts)
        .WithTags("Contacts").WithSummary("One person")
        .WithProblems("contact_not_found");

    private static async Task<Ok<ContactModel>> HandleAsync(long id, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new GetContact(id), cancellationToken));
}
