using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MetaMessaging.Application.Inbound;

/// <summary>Reads what Meta sends as it comes: members missing, null, of another type, ids as numbers (platform reference, Vocabulary → Ids; Webhooks → Envelope).</summary>
internal static partial class TolerantJson
{
    public static JsonElement Member(this JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var member) && member.ValueKind is not JsonValueKind.Null
            ? member
            : default;

    public static bool Has(this JsonElement element, string name) => element.Member(name).ValueKind is not JsonValueKind.Undefined;

    public static bool IsTrue(this JsonElement element, string name) => element.Member(name).ValueKind is JsonValueKind.True;

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>A string, or a number as it is written: ids above 2^53 must not become doubles.</summary>
    public static string? Text(this JsonElement element, string name) => element.Member(name).AsText();

    /// <inheritdoc cref="Text"/>
    public static string? AsText(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => String(element),
        JsonValueKind.Number => element.GetRawText(),
        _ => null,
    };

    public static int? Number(this JsonElement element, string name) =>
        int.TryParse(element.Text(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>The object as Meta sent it; null when there is none.</summary>
    public static string? Raw(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Object } member ? member.GetRawText() : null;

    /// <summary>Meta's times are milliseconds, seconds in tests and lead ads, numbers or strings, zero or absent (platform reference, Webhooks → Envelope).</summary>
    public static DateTimeOffset? Time(this JsonElement element, string name)
    {
        if (!long.TryParse(element.Text(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) || value <= 0) return null;
        if (value < 100_000_000_000) value *= 1000;
        return value > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? null : DateTimeOffset.FromUnixTimeMilliseconds(value);
    }

    /// <summary>The names of its members; one that is no text is left out.</summary>
    public static IEnumerable<string> Names(this JsonElement element) =>
        element.ValueKind is JsonValueKind.Object ? element.EnumerateObject().Select(NameOf).OfType<string>() : [];

    private static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string String(JsonElement member)
    {
        try
        {
            return member.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half an emoji: valid JSON, but no text. The rest of the message is worth keeping.
            var repaired = LoneSurrogate().Replace(member.GetRawText(), "\\ufffd");
            return JsonSerializer.Deserialize<string>(repaired) ?? "";
        }
    }

    [GeneratedRegex(@"(?<!\\ud[89ab][0-9a-f]{2})\\ud[c-f][0-9a-f]{2}|\\ud[89ab][0-9a-f]{2}(?!\\ud[c-f][0-9a-f]{2})", RegexOptions.IgnoreCase)]
    private static partial Regex LoneSurrogate();
}
