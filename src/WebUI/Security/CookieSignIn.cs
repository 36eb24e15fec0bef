using MetaMessaging.Application.UserAccounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace MetaMessaging.WebUI.Security;

internal static class CookieSignIn
{
    /// <summary>Starts a session and gives the browser its cookie.</summary>
    /// <param name="isPersistent">The cookie outlives the browser's window.</param>
    /// <param name="organizationId">Where it works; null for the person's first.</param>
    public static async Task StartSessionAsync(
        this HttpContext http, IMediator mediator, UserAccount person, bool isPersistent, CancellationToken cancellationToken,
        long? organizationId = null)
    {
        var session = await mediator.Send(new StartSession(person.Id, organizationId), cancellationToken);
        await http.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme,
            UserPrincipal.Of(person, session, CookieAuthenticationDefaults.AuthenticationScheme),
            new AuthenticationProperties { IsPersistent = isPersistent });
    }
}
