using MetaMessaging.Application.UserAccounts;
using Microsoft.AspNetCore.Authentication.BearerToken;

namespace MetaMessaging.WebUI.Api.UserAccounts;

internal sealed class SignInEndpoint : IEndpoint
{
    public static AccessTokenResponse Tokens => new() { AccessToken = "CfDJ8Kx…", ExpiresIn = 3600, RefreshToken = "CfDJ8Nq…" };

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/auth/login", HandleAsync)
        .AllowAnonymous()
        .Produces<AccessTokenResponse>()
        .WithTags("Sign-in").WithSummary("Exchanges an e-mail address and a password for an access token")
        .WithDescription(
            "For a user with a second factor the answer is 401 `two_factor_required`, with a `twoFactorToken` for "
            + "`/api/auth/login/two-factor`.")
        .WithProblems("unauthenticated", "two_factor_required", "too_many_requests")
        .WithExamples(new SignIn("agent@example.com", "correct horse battery"), Tokens);

    public static async Task<SignInHttpResult> StartSessionAsync(
        UserAccount user, IMediator mediator, CancellationToken cancellationToken)
    {
        var session = await mediator.Send(new StartSession(user.Id), cancellationToken);
        return TypedResults.SignIn(
            UserPrincipal.Of(user, session, BearerTokenDefaults.AuthenticationScheme),
            authenticationScheme: BearerTokenDefaults.AuthenticationScheme);
    }

    private static async Task<SignInHttpResult> HandleAsync(SignIn request, IMediator mediator, CancellationToken cancellationToken) =>
        await StartSessionAsync(await mediator.Send(request, cancellationToken), mediator, cancellationToken);
}
