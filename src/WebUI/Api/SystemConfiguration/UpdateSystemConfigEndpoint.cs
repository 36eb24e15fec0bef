using MetaMessaging.Application.SystemConfiguration;

namespace MetaMessaging.WebUI.Api.SystemConfiguration;

internal sealed class UpdateSystemConfigEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/api/admin/system-config", HandleAsync)
        .RequireAuthorization(Policies.SystemAdmin)
        .WithTags("System Config").WithSummary("Updates the settings of the installation's Meta app")
        .WithDescription(
            "Without `openIdAuthority`, everything about OpenID Connect stays as it is; an empty one switches it off. A secret that the "
            + "body does not contain stays as it is.")
        .WithProblems("organization_not_found")
        .WithExamples(
            new UpdateSystemConfig(
                "123456789012345", "0123456789abcdef0123456789abcdef", "a-token-of-your-own", "https://login.example.com", "metamessaging",
                "f3b1…", "Company account", 1, [OrganizationRoles.Agent]),
            GetSystemConfigEndpoint.Example);

    private static async Task<Ok<SystemConfigModel>> HandleAsync(
        UpdateSystemConfig request, IMediator mediator, CancellationToken cancellationToken)
    {
        await mediator.Send(request, cancellationToken);
        return TypedResults.Ok(await mediator.Send(new GetSystemConfig(), cancellationToken));
    }
}
