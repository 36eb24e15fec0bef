using MetaMessaging.Application.Organizations;

namespace MetaMessaging.WebUI.Api.Organizations;

internal sealed class ListMyOrganizationsEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/me/organizations", HandleAsync)
        .RequireAuthorization(Policies.Member)
        .WithTags("Sign-in").WithSummary("Lists the organizations that the caller can work in")
        .WithDescription("A system administrator also finds the one that is entered, with no roles. `/api/admin/organizations` lists all.")
        .WithExamples(new MyOrganizations(
            [new MyOrganizationModel(1, "Blue Cup", [OrganizationRoles.Admin, OrganizationRoles.Agent], IsCurrent: true)]));

    private static async Task<Ok<MyOrganizations>> HandleAsync(IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new ListMyOrganizations(), cancellationToken));
}
