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
        .WithProblems("unauthenticated", "too_many_requests")
        .WithExamples(new SignIn("agent@example.com", "correct horse battery"), Tokens);

    private static async Task<SignInHttpResult> HandleAsync(SignIn request, IMediator mediator, CancellationToken cancellationToken)
    {
        var user = await mediator.Send(request, cancellationToken);
        var session = await mediator.Send(new StartSession(user.Id), cancellationToken);
        return TypedResults.SignIn(
            UserPrincipal.Of(user, session, BearerTokenDefaults.AuthenticationScheme),
            authenticationScheme: BearerTokenDefaults.AuthenticationScheme);
    }
}
