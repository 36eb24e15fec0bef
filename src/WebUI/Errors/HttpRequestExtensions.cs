using Microsoft.AspNetCore.Diagnostics;

namespace MetaMessaging.WebUI.Errors;

internal static class HttpRequestExtensions
{
    private static readonly object Head = new();

    public static void MarkAsHead(this HttpContext context) => context.Items[Head] = true;

    /// <summary>Routes see HEAD as GET. Those for which it makes a difference that nothing leaves ask here.</summary>
    public static bool IsHead(this HttpContext context) => context.Items.ContainsKey(Head);

    /// <summary>A browser that asks for a page gets one; an API client never does, whatever it says it accepts.</summary>
    public static bool WantsPage(this HttpRequest request)
    {
        // While an exception is handled, the request's own path is that of the error page.
        var failed = request.HttpContext.Features.Get<IExceptionHandlerPathFeature>();
        var path = failed is null ? request.Path : new PathString(failed.Path);
        return !path.StartsWithSegments("/api") && !path.StartsWithSegments("/integrations") && !path.StartsWithSegments("/hubs")
            && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
    }
}
