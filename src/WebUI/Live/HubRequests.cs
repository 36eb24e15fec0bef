namespace MetaMessaging.WebUI.Live;

/// <summary>What requests of the live hub need before they are authenticated.</summary>
internal static class HubRequests
{
    public static void UseHubRequests(this IApplicationBuilder app) =>
        app.UseWhen(context => context.Request.Path.StartsWithSegments(InboxHub.Path), hub => hub.Use(RefuseOtherOrigins).Use(ReadToken));

    /// <summary>A browser opens a WebSocket to any site for any page, and sends the site's cookie along.</summary>
    private static Task RefuseOtherOrigins(HttpContext context, RequestDelegate next)
    {
        var (request, origin) = (context.Request, context.Request.Headers.Origin.ToString());
        var ours = context.RequestServices.GetRequiredService<IPublicAddress>().BaseUrl;
        return origin.Length == 0 || IsOrigin(origin, ours) || IsOrigin(origin, new Uri($"{request.Scheme}://{request.Host}"))
            ? next(context)
            : throw new AccessDeniedException("origin_not_allowed", "Live updates are available to pages of this installation only.");
    }

    /// <summary>A browser cannot add a header to a WebSocket, so SignalR's client puts the token into the address.</summary>
    private static Task ReadToken(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (request.Headers.Authorization.Count == 0 && request.Query["access_token"] is [{ Length: > 0 } token])
            request.Headers.Authorization = $"Bearer {token}";
        return next(context);
    }

    private static bool IsOrigin(string origin, Uri address) => Uri.TryCreate(origin, UriKind.Absolute, out var given) && Uri.Compare(
        given, address, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
