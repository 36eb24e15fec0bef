using MetaMessaging.Application.Organizations;

namespace MetaMessaging.WebUI.Api.Organizations;

internal sealed class GetOrganizationSettingsEndpoint : IEndpoint
{
    public static OrganizationSettings Example => new("Blue Cup", "Europe/Berlin", "en-GB");

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/settings/organization", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("Organizations").WithSummary("Gets the organization's name, time zone and language")
        .WithExamples(Example);

    private static async Task<Ok<OrganizationSettings>> HandleAsync(IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new GetOrganizationSettings(), cancellationToken));
}
