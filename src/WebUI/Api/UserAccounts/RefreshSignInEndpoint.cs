using MetaMessaging.Application.UserAccounts;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.Extensions.Options;

namespace MetaMessaging.WebUI.Api.UserAccounts;

internal sealed class RefreshSignInEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/auth/refresh", HandleAsync)
        .AllowAnonymous()   // authenticated by the refresh token
        .Produces<AccessTokenResponse>()
        .WithTags("Sign-in").WithSummary("Exchanges a refresh token for new tokens")
        .WithDescription("Each refresh token can be used once. Using it a second time ends the session and invalidates all of its tokens.")
        .WithProblems("unauthenticated")
        .WithExamples(new RefreshRequest("CfDJ8Nq…"), SignInEndpoint.Tokens);

    private static async Task<SignInHttpResult> HandleAsync(
        RefreshRequest request, IOptionsMonitor<BearerTokenOptions> options, TimeProvider clock, IMediator mediator,
        CancellationToken cancellationToken)
    {
        var ticket = request.RefreshToken is { Length: > 0 } token
            ? options.Get(BearerTokenDefaults.AuthenticationScheme).RefreshTokenProtector.Unprotect(token)
            : null;
        if (ticket?.Properties.ExpiresUtc is not { } expires || expires <= clock.GetUtcNow() || ticket.Principal.UserId() is not { } userId)
            throw new UnauthenticatedException("Sign in again.");

        var (user, session) = await mediator.Send(new RefreshSignIn(userId, ticket.Principal.Session()), cancellationToken);
        return TypedResults.SignIn(
            UserPrincipal.Of(user, session, BearerTokenDefaults.AuthenticationScheme),
            authenticationScheme: BearerTokenDefaults.AuthenticationScheme);
    }

    internal sealed record RefreshRequest(string? RefreshToken);
}
