namespace MetaMessaging.WebUI.Security;

/// <summary>Binds an OAuth attempt to the browser that began it.</summary>
internal static class OAuthBrowserCookie
{
    private const string Name = "mm_oauth";

    public static string? Read(HttpRequest request) => request.Cookies[Name];

    public static void Write(HttpContext context, string browserSecret) =>
        context.Response.Cookies.Append(Name, browserSecret, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,   // Strict would drop it when Meta redirects the browser back
            Secure = context.Request.IsHttps,
            MaxAge = OAuthState.Lifetime,
            Path = "/",
            IsEssential = true,
        });
}
