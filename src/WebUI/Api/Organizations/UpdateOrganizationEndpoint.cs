using MetaMessaging.Application.Organizations;

namespace MetaMessaging.WebUI.Api.Organizations;

internal sealed class UpdateOrganizationEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPatch("/api/admin/organizations/{id:long}", HandleAsync)
        .RequireAuthorization(Policies.SystemAdmin)
        .WithTags("Organizations").WithSummary("Renames, suspends or activates an organization")
        .WithDescription(
            "Properties that the body does not contain stay unchanged. A suspended organization still receives messages, but sends none; "
            + "its members are signed out and cannot sign in, and its API keys are refused. Queued messages are sent once it is active "
            + "again.")
        .WithProblems("organization_not_found", "organization_is_deleted")
        .WithExamples(
            new OrganizationChanges("Green Bowl", OrganizationState.Active), ListOrganizationsEndpoint.Example);

    private static async Task<Ok<OrganizationOverview>> HandleAsync(
        long id, OrganizationChanges changes, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new UpdateOrganization(id, changes.Name, changes.State), cancellationToken));

    internal sealed record OrganizationChanges(string? Name, OrganizationState? State);
}
