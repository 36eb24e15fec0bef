using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.Api.UserAccounts;

internal sealed class DisableTwoFactorEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapDelete("/api/me/two-factor", HandleAsync)
        .RequireAuthorization(Policies.Member)
        .WithTags("Account").WithSummary("Removes the authenticator app")
        .WithDescription("The second factor is off then, unless the user has a passkey.")
        .WithProblems("changed_meanwhile");

    private static Task<NoContent> HandleAsync(IMediator mediator, CancellationToken cancellationToken) =>
        mediator.SendForNoContentAsync(new DisableTwoFactor(), cancellationToken);
}
