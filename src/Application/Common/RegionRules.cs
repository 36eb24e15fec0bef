namespace MetaMessaging.Application.Common;

internal static class RegionRules
{
    /// <summary>Null and the empty text pass.</summary>
    public static IRuleBuilderOptions<T, string?> IsTimeZone<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(id => string.IsNullOrEmpty(id) || (TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) && zone.HasIanaId))
        .WithMessage("A time zone is named as in Europe/Berlin.");

    /// <summary>Null and the empty text pass.</summary>
    public static IRuleBuilderOptions<T, string?> IsLanguage<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(tag => string.IsNullOrEmpty(tag) || CultureInfo.GetCultures(CultureTypes.AllCultures).Any(culture => culture.Name == tag))
        .WithMessage("A language is named as in en or de-AT.");
}
