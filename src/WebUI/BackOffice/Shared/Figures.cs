using System.Globalization;
using Humanizer;

namespace MetaMessaging.WebUI.BackOffice;

/// <summary>Numbers, sizes and durations as pages show them. Pages are in English whatever the server's culture is.</summary>
internal static class Figures
{
    private static readonly CultureInfo English = CultureInfo.InvariantCulture;

    public static string Number(long number) => number.ToString("N0", English);

    public static string Quantity(long count, string noun) => noun.ToQuantity(count, "N0", English);

    public static string Percent(double percentage) => percentage.ToString("0.#", English) + " %";

    public static string Size(long bytes) => bytes.Bytes().Humanize("0.#", English);

    public static string Duration(double? milliseconds) =>
        milliseconds is { } known ? Duration(TimeSpan.FromMilliseconds(Math.Ceiling(known))) : "–";

    public static string Duration(DateTimeOffset from, DateTimeOffset? to) => Duration((to - from)?.TotalMilliseconds);

    private static string Duration(TimeSpan duration) => duration.TotalSeconds < 1
        ? $"{Math.Max(0, duration.TotalMilliseconds):0} ms"
        : duration.Humanize(
            precision: duration.TotalHours < 1 ? 1 : 2, culture: English, maxUnit: TimeUnit.Day, minUnit: TimeUnit.Second);
}
