using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace MetaMessaging.WebUI.Security;

/// <summary>A browser sends its cookie on anybody's behalf, so unsafe calls that rest on it need the antiforgery header. Tokens and keys do not.</summary>
internal sealed class AntiforgeryForCookies(IAntiforgery antiforgery) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var byCookie = http.User.Identities.Any(i => i.AuthenticationType == CookieAuthenticationDefaults.AuthenticationScheme);
        var isSafe = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || HttpMethods.IsOptions(http.Request.Method);
        if (byCookie && !isSafe && !await antiforgery.IsRequestValidAsync(http))
        {
            return TypedResults.Problem(
                statusCode: StatusCodes.Status400BadRequest, title: "Antiforgery token missing",
                detail: "Calls with the back office's cookie need its antiforgery header, X-CSRF-TOKEN.",
                extensions: new Dictionary<string, object?> { ["code"] = "antiforgery_token_missing" });
        }

        return await next(context);
    }
}
