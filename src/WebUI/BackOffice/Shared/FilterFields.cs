using System.Globalization;

namespace MetaMessaging.WebUI.BackOffice;

/// <summary>What the forms of lists have in common: times are the reader's, as their browser's fields have them, and only what is set travels.</summary>
internal static class FilterFields
{
    public static string? Of(DateTime? local) => local?.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);

    public static DateTimeOffset? Instant(DateTime? local, TimeZoneInfo zone) => local is not { } time ? null
        : new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Unspecified), zone.GetUtcOffset(time)).ToUniversalTime();

    public static Dictionary<string, string> Set(IEnumerable<(string Name, string? Value)> all) =>
        all.Where(value => !string.IsNullOrEmpty(value.Value)).ToDictionary(value => value.Name, value => value.Value!);
}
