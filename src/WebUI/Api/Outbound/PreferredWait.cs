using System.Globalization;

namespace MetaMessaging.WebUI.Api.Outbound;

/// <summary>How long the client wants to wait for the outcome: `Prefer: wait=10` (RFC 7240).</summary>
internal static class PreferredWait
{
    private const int MaxSeconds = 30;

    public static TimeSpan? Of(HttpRequest request)
    {
        foreach (var preference in request.Headers.GetCommaSeparatedValues("Prefer"))
        {
            var parts = preference.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts is [var name, var value] && name.Equals("wait", StringComparison.OrdinalIgnoreCase)
                && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0)
            {
                return TimeSpan.FromSeconds(Math.Min(seconds, MaxSeconds));
            }
        }

        return null;
    }
}
