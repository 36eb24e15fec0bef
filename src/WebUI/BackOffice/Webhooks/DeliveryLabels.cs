using System.Globalization;

namespace MetaMessaging.WebUI.BackOffice;

/// <summary>How figures of deliveries are put into words.</summary>
internal static class DeliveryLabels
{
    /// <summary>12 ms, 3.4 s, 5 min, 3 h 20 min, 4 days: as exact as one wants to know it.</summary>
    public static string Span(double? milliseconds)
    {
        if (milliseconds is not { } known) return "–";
        var span = TimeSpan.FromMilliseconds(Math.Max(0, known));
        return span switch
        {
            { TotalSeconds: < 1 } => Invariant($"{Math.Ceiling(span.TotalMilliseconds):0} ms"),
            { TotalSeconds: < 10 } => Invariant($"{span.TotalSeconds:0.0} s"),
            { TotalSeconds: < 90 } => Invariant($"{span.TotalSeconds:0} s"),
            { TotalMinutes: < 60 } => Invariant($"{span.TotalMinutes:0} min"),
            { TotalHours: < 48 } => span.Minutes == 0 ? Invariant($"{(int)span.TotalHours} h") : Invariant($"{(int)span.TotalHours} h {span.Minutes} min"),
            _ => Invariant($"{span.TotalDays:0} days"),
        };
    }

    public static string Span(DateTimeOffset from, DateTimeOffset? to) => to is { } end ? Span((end - from).TotalMilliseconds) : "–";

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Percent(double share) => share.ToString("0.#", CultureInfo.InvariantCulture) + " %";

    public static string Deliveries(int count) => count == 1 ? "1 delivery" : $"{Number(count)} deliveries";

    public static string Size(long bytes) => bytes switch
    {
        < 1024 => Invariant($"{bytes} bytes"),
        < 1024 * 1024 => Invariant($"{bytes / 1024.0:0.#} KB"),
        _ => Invariant($"{bytes / (1024.0 * 1024):0.#} MB"),
    };

    /// <summary>AccountLinking is account linking.</summary>
    public static string Event(string? kind) => kind is null ? "Event"
        : string.Concat(kind.Select((c, at) => at > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : c.ToString()));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
