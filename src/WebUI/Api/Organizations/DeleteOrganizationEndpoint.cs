using MetaMessaging.Application.Organizations;

namespace MetaMessaging.WebUI.Api.Organizations;

internal sealed class DeleteOrganizationEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapDelete("/api/admin/organizations/{id:long}", HandleAsync)
        .RequireAuthorization(Policies.SystemAdmin)
        .WithTags("Organizations").WithSummary("Deletes an organization with everything in it")
        .WithDescription(
            "`confirm` repeats the organization's name. Its Pages are disconnected, and then its conversations, contacts, files, "
            + "deliveries, members and settings are erased in the background, also across a restart. `GET /api/admin/organizations` "
            + "shows the progress, until the organization is no longer listed.")
        .WithProblems("organization_not_found")
        .WithParameterExample("confirm", "Green Bowl");

    private static async Task<Accepted> HandleAsync(
        long id, IMediator mediator, CancellationToken cancellationToken, string? confirm = null)
    {
        await mediator.Send(new DeleteOrganization(id, confirm), cancellationToken);
        return TypedResults.Accepted((string?)null);
    }
}
