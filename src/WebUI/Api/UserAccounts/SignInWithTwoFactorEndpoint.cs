using MetaMessaging.Application.UserAccounts;
using Microsoft.AspNetCore.Authentication.BearerToken;

namespace MetaMessaging.WebUI.Api.UserAccounts;

internal sealed class SignInWithTwoFactorEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/auth/login/two-factor", HandleAsync)
        .AllowAnonymous()   // authenticated by the token and the code
        .Produces<AccessTokenResponse>()
        .WithTags("Sign-in").WithSummary("Completes a sign-in with a second factor")
        .WithDescription(
            "`code` is one of the authenticator app, or a recovery code. Each works once. `twoFactorToken` is valid for five minutes.")
        .WithProblems("unauthenticated", "too_many_requests")
        .WithExamples(new SignInWithTwoFactor("CfDJ8Lm…", "123456"), SignInEndpoint.Tokens);

    private static async Task<SignInHttpResult> HandleAsync(
        SignInWithTwoFactor request, IMediator mediator, CancellationToken cancellationToken) =>
        await SignInEndpoint.StartSessionAsync(await mediator.Send(request, cancellationToken), mediator, cancellationToken);
}
