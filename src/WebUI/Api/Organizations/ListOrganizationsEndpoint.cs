using MetaMessaging.Application.Organizations;

namespace MetaMessaging.WebUI.Api.Organizations;

internal sealed class ListOrganizationsEndpoint : IEndpoint
{
    public static OrganizationOverview Example => new(
        2, "Green Bowl", OrganizationState.Active, Members: 3, Connections: 1, Messages30Days: 1204, ExampleValues.At.AddYears(-1),
        ConversationsLeft: null);

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/admin/organizations", HandleAsync)
        .RequireAuthorization(Policies.SystemAdmin)
        .WithTags("Organizations").WithSummary("Lists every organization of the installation")
        .WithDescription("While an organization is being deleted, its state is `deleting`, and `conversationsLeft` becomes less.")
        .WithExamples(Example);

    private static async Task<Ok<Page<OrganizationOverview>>> HandleAsync(
        IMediator mediator, CancellationToken cancellationToken, int? limit = null, string? cursor = null) =>
        TypedResults.Ok(await mediator.Send(new ListOrganizations(limit, cursor), cancellationToken));
}
