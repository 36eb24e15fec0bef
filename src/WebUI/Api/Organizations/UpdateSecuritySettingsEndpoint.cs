using MetaMessaging.Application.Organizations;

namespace MetaMessaging.WebUI.Api.Organizations;

internal sealed class UpdateSecuritySettingsEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/api/settings/security", HandleAsync)
        .RequireAuthorization(Policies.Admin)
        .WithTags("Settings").WithSummary("Updates what the organization asks of its members' sign-ins")
        .WithDescription(
            "With `requireTwoFactor`, members without a second factor are answered with 403 `two_factor_setup_required` until they have "
            + "one. A session that is not used for `sessionHours` (1 to 2160) ends.")
        .WithProblems("changed_meanwhile")
        .WithExamples(new UpdateSecuritySettings(RequireTwoFactor: true, SessionHours: 336), new SecuritySettings(true, 336));

    private static async Task<Ok<SecuritySettings>> HandleAsync(
        UpdateSecuritySettings request, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(request, cancellationToken));
}
