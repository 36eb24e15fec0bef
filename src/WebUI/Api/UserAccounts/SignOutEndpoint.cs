using MetaMessaging.Application.UserAccounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace MetaMessaging.WebUI.Api.UserAccounts;

internal sealed class SignOutEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/auth/logout", HandleAsync)
        .RequireAuthorization(Policies.Member)
        .WithTags("Sign-in").WithSummary("Ends the current session, with its cookie, access token and refresh token");

    private static async Task<NoContent> HandleAsync(HttpContext http, IMediator mediator, CancellationToken cancellationToken)
    {
        await mediator.Send(new SignOut(http.User.Session().SessionId), cancellationToken);
        await http.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return TypedResults.NoContent();
    }
}
