using MetaMessaging.Application.Organizations;

namespace MetaMessaging.WebUI.Api.Organizations;

internal sealed class SwitchOrganizationEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/me/organization", HandleAsync)
        .RequireAuthorization(Policies.Member)
        .WithTags("Sign-in").WithSummary("Lets the current session work in another organization")
        .WithDescription("Its cookie, access token and refresh token stay valid. A system administrator may enter every organization.")
        .WithProblems("organization_not_found")
        .WithExamples(
            new OrganizationChoice(2), new SwitchedOrganization(2, "Green Bowl", [OrganizationRoles.Agent], IsVisit: false));

    private static async Task<Ok<SwitchedOrganization>> HandleAsync(
        OrganizationChoice choice, HttpContext http, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(
            new SwitchOrganization(choice.OrganizationId, http.User.Session().SessionId), cancellationToken));

    internal sealed record OrganizationChoice(long? OrganizationId);
}
