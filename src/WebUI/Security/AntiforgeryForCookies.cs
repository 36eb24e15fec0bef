using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace MetaMessaging.WebUI.Security;

/// <summary>
/// A browser sends its cookie also with requests that other sites start, so unsafe calls that are authenticated by the cookie need the
/// antiforgery header. Tokens and API keys do not.
/// </summary>
internal sealed class AntiforgeryForCookies(IAntiforgery antiforgery) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var isByCookie = http.User.Identities.Any(i => i.AuthenticationType == CookieAuthenticationDefaults.AuthenticationScheme);
        var method = http.Request.Method;
        var isSafe = HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
        if (isByCookie && !isSafe && !await antiforgery.IsRequestValidAsync(http))
        {
            return TypedResults.Problem(
                statusCode: StatusCodes.Status400BadRequest,
                title: "Antiforgery token missing",
                detail: "Calls with the back office's cookie need its antiforgery header, X-CSRF-TOKEN.",
                extensions: new Dictionary<string, object?> { ["code"] = "antiforgery_token_missing" });
        }

        return await next(context);
    }
}
