using MetaMessaging.Application.UserAccounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace MetaMessaging.WebUI.Security;

internal static class CookieSignIn
{
    /// <summary>Starts a session and gives the browser its cookie.</summary>
    /// <param name="isPersistent">The cookie outlives the browser's window.</param>
    public static async Task StartSessionAsync(
        this HttpContext http, IMediator mediator, UserAccount person, bool isPersistent, CancellationToken cancellationToken)
    {
        var session = await mediator.Send(new StartSession(person.Id), cancellationToken);
        await http.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme,
            UserPrincipal.Of(person, session, CookieAuthenticationDefaults.AuthenticationScheme),
            new AuthenticationProperties { IsPersistent = isPersistent });
    }
}
