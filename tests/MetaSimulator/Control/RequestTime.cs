using System.Globalization;

namespace MetaMessaging.MetaSimulator.Control;

/// <summary>Parses the times of control requests: Unix milliseconds or ISO 8601.</summary>
internal static class RequestTime
{
    public static long? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ms)) return ms;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUnixTimeMilliseconds()
            : throw new ControlException($"'{text}' is no time: give milliseconds or ISO 8601.");
    }
}
