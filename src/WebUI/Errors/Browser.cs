namespace MetaMessaging.WebUI.Errors;

internal static class Browser
{
    /// <summary>A browser that asks for a page gets one; an API client never does, whatever it says it accepts.</summary>
    public static bool WantsPage(this HttpRequest request) =>
        !request.Path.StartsWithSegments("/api") && !request.Path.StartsWithSegments("/integrations") && !request.Path.StartsWithSegments("/hubs")
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
