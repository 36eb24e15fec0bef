using System.Globalization;
using System.Text.Json;

namespace MetaMessaging.WebUI.BackOffice;

/// <summary>The filter of a list. It is part of the page's address, so that a filtered list can be bookmarked and shared.</summary>
public abstract class FilterForm
{
    /// <summary>The format of a <c>datetime-local</c> field.</summary>
    internal const string TimeFormat = $"{{0:{TimePattern}}}";

    private const string TimePattern = "yyyy-MM-dd'T'HH:mm";

    protected abstract IEnumerable<(string Name, object? Value)> Parameters { get; }

    /// <param name="changes">Replace parameters of the filter or come in addition to them; null removes a parameter.</param>
    internal Dictionary<string, string> ToRouteValues(params (string Name, object? Value)[] changes)
    {
        var values = new Dictionary<string, string>();
        foreach (var (name, value) in Parameters.Concat(changes))
        {
            if (Format(value) is { Length: > 0 } text) values[name] = text;
            else values.Remove(name);
        }

        return values;
    }

    internal static string? Format(object? value) => value switch
    {
        false => null,
        true => "true",
        Enum member => JsonNamingPolicy.CamelCase.ConvertName(member.ToString()),
        DateTime time => time.ToString(TimePattern, CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    /// <param name="local">A time in the reader's time zone: a browser's date field sends no offset.</param>
    protected static DateTimeOffset? ToInstant(DateTime? local, TimeZoneInfo zone) => local is not { } time ? null
        : new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Unspecified), zone.GetUtcOffset(time)).ToUniversalTime();
}
