using MetaMessaging.Application.Organizations;

namespace MetaMessaging.WebUI.Api.Organizations;

internal sealed class GetSecuritySettingsEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/settings/security", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("Settings").WithSummary("Gets what the organization asks of its members' sign-ins")
        .WithExamples(new SecuritySettings(RequireTwoFactor: true, SessionHours: 336));

    private static async Task<Ok<SecuritySettings>> HandleAsync(IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new GetSecuritySettings(), cancellationToken));
}
