using MetaMessaging.Application.Live;

namespace MetaMessaging.WebUI.Live;

/// <summary>What requests of the live hub need before and after they are authenticated.</summary>
internal static class HubRequests
{
    public static void UseHubRequests(this IApplicationBuilder app) =>
        app.UseWhen(context => context.Request.Path.StartsWithSegments(InboxHub.Path), hub => hub.Use(RefuseOtherOrigins).Use(ReadToken));

    public static void UseHubCallers(this IApplicationBuilder app) =>
        app.UseWhen(context => context.Request.Path.StartsWithSegments(InboxHub.Path), hub => hub.Use(RememberCaller));

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

    /// <summary>With long polling SignalR gives the hub a copy of the first request, with the same items but with services of its own,
    /// which know neither the organization nor the caller.</summary>
    private static Task RememberCaller(HttpContext context, RequestDelegate next)
    {
        var services = context.RequestServices;
        if (services.GetRequiredService<OrganizationScope>().OrganizationId is { } organizationId)
        {
            var caller = services.GetRequiredService<ICaller>();
            context.Items[typeof(LiveMember)] = new LiveMember(organizationId, caller.UserId, caller.Name);
            context.Items[typeof(LiveAccess)] =
                new LiveAccess(context.User.LiveCaller(), caller.UserId, organizationId, caller.Roles);
        }

        return next(context);
    }

    private static bool IsOrigin(string origin, Uri address) => Uri.TryCreate(origin, UriKind.Absolute, out var given) && Uri.Compare(
        given, address, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
