using MetaMessaging.Application.Organizations;

namespace MetaMessaging.WebUI.Api.Organizations;

internal sealed class UpdateOrganizationSettingsEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/api/settings/organization", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("Organizations").WithSummary("Changes the time zone and the language of members who have chosen none")
        .WithExamples(new UpdateOrganizationSettings("Europe/Berlin", "en-GB"), GetOrganizationSettingsEndpoint.Example);

    private static async Task<Ok<OrganizationSettings>> HandleAsync(
        UpdateOrganizationSettings request, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(request, cancellationToken));
}
