using MetaMessaging.Application.SystemConfiguration;

namespace MetaMessaging.WebUI.Api.SystemConfiguration;

internal sealed class GetSystemConfigEndpoint : IEndpoint
{
    public static SystemConfigModel Example => new(
        "123456789012345", HasAppSecret: true, "a-token-of-your-own",
        new Uri("https://messages.example.com/integrations/meta-messaging/webhook"),
        new Uri("https://messages.example.com/integrations/meta-messaging/oauth/callback"),
        IsComplete: true,
        MetaPermissions.All,
        "https://login.example.com", "metamessaging", HasOpenIdClientSecret: true, "Company account", OpenIdOrganizationId: 1,
        [OrganizationRoles.Agent], new Uri("https://messages.example.com/account/openid/callback"));

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/admin/system-config", HandleAsync)
        .RequireAuthorization(Policies.SystemAdmin)
        .WithTags("System Config").WithSummary("Gets the settings of the installation's Meta app")
        .WithExamples(Example);

    private static async Task<Ok<SystemConfigModel>> HandleAsync(IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new GetSystemConfig(), cancellationToken));
}
