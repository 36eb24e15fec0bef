using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.Api.UserAccounts;

internal sealed class StartTwoFactorEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/me/two-factor", HandleAsync)
        .RequireAuthorization(Policies.Member)
        .WithTags("Account").WithSummary("Creates the key of an authenticator app")
        .WithDescription("The second factor is on once a code of the app was sent to `/api/me/two-factor/confirm`.")
        .WithProblems("two_factor_enabled", "changed_meanwhile")
        .WithExamples(new AuthenticatorKey(
            "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
            "otpauth://totp/MetaMessaging:agent%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=MetaMessaging"));

    private static async Task<Ok<AuthenticatorKey>> HandleAsync(IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new StartTwoFactor(), cancellationToken));
}
