using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.Api.UserAccounts;

internal sealed class ConfirmTwoFactorEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/me/two-factor/confirm", HandleAsync)
        .RequireAuthorization(Policies.Member)
        .WithTags("Account").WithSummary("Switches the second factor on, with a code of the authenticator app")
        .WithDescription("The recovery codes are shown only once, in this answer. Each signs in once in place of the app.")
        .WithProblems("two_factor_enabled", "changed_meanwhile")
        .WithExamples(new ConfirmTwoFactor("123456"), new TwoFactorCodes(["4T7KQ-9WX2M", "B3NVC-8RHDP"]));

    private static async Task<Ok<TwoFactorCodes>> HandleAsync(
        ConfirmTwoFactor request, IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(request, cancellationToken));
}
