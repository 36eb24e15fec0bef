using System.Globalization;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace MetaMessaging.WebUI.BackOffice;

/// <summary>What forms offer as time zones and languages.</summary>
internal static class RegionChoices
{
    public static IReadOnlyList<SelectListItem> TimeZones { get; } =
        [.. TimeZoneInfo.GetSystemTimeZones().Where(zone => zone.HasIanaId).Select(zone => zone.Id).Where(IsPlace).Order()
            .Select(id => new SelectListItem(id.Replace('_', ' '), id))];

    public static IReadOnlyList<SelectListItem> Languages { get; } =
        [.. CultureInfo.GetCultures(CultureTypes.SpecificCultures).Where(culture => culture.Name.Length <= 5)
            .OrderBy(culture => culture.EnglishName, StringComparer.Ordinal)
            .Select(culture => new SelectListItem(culture.EnglishName, culture.Name))];

    /// <summary>Without the old names that stand for no place, such as EST5EDT.</summary>
    private static bool IsPlace(string id) =>
        id == "UTC" || (id.Contains('/', StringComparison.Ordinal) && !id.StartsWith("Etc/", StringComparison.Ordinal));
}
