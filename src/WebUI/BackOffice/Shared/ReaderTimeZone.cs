namespace MetaMessaging.WebUI.BackOffice;

/// <summary>The browser's time zone, which boot.js writes to a cookie; UTC on the first request and without scripts.</summary>
internal static class ReaderTimeZone
{
    private const string Cookie = "mm_tz";

    public static TimeZoneInfo Of(HttpRequest request) =>
        request.Cookies[Cookie] is { Length: > 0 and < 64 } id && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone)
            ? zone
            : TimeZoneInfo.Utc;
}
