using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.WebUI.Api.UserAccounts;

internal sealed class RenewRecoveryCodesEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/me/two-factor/recovery-codes", HandleAsync)
        .RequireAuthorization(Policies.Member)
        .WithTags("Account").WithSummary("Replaces the recovery codes")
        .WithDescription("The earlier codes stop working. The new ones are shown only once, in this answer.")
        .WithProblems("changed_meanwhile", "two_factor_not_enabled")
        .WithExamples(new TwoFactorCodes(["4T7KQ-9WX2M", "B3NVC-8RHDP"]));

    private static async Task<Ok<TwoFactorCodes>> HandleAsync(IMediator mediator, CancellationToken cancellationToken) =>
        TypedResults.Ok(await mediator.Send(new RenewRecoveryCodes(), cancellationToken));
}
