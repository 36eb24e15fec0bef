namespace MetaMessaging.WebUI.BackOffice;

/// <summary>
/// The time zone that the user or the organization has chosen, else the browser's, which boot.js writes to a cookie; UTC on the first
/// request and without scripts.
/// </summary>
internal static class ReaderTimeZone
{
    private const string Cookie = "mm_tz";

    public static TimeZoneInfo Of(HttpRequest request) =>
        (Chosen(request).TimeZone ?? request.Cookies[Cookie]) is { Length: > 0 and < 64 } id
        && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone)
            ? zone
            : TimeZoneInfo.Utc;

    /// <summary>What the user, or else the organization, has chosen; null for the browser's.</summary>
    public static (string? TimeZone, string? Language) Chosen(HttpRequest request)
    {
        var caller = request.HttpContext.RequestServices.GetRequiredService<CallerContext>().Model;
        return (caller?.TimeZone, caller?.Language);
    }
}
