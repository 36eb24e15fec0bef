using System.Text.RegularExpressions;

namespace MetaMessaging.Application.Common;

/// <summary>Any member of Meta's JSON may be missing, null or of another type; what cannot be read counts as missing.</summary>
public static partial class TolerantJson
{
    /// <summary>A smaller number of milliseconds lies before 1973, a greater number of seconds after 5100.</summary>
    private const long MaxSeconds = 100_000_000_000;

    public static JsonElement Member(this JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object
        && element.TryGetProperty(name, out var member)
        && member.ValueKind is not JsonValueKind.Null ? member : default;

    public static bool Has(this JsonElement element, string name) => element.Member(name).ValueKind is not JsonValueKind.Undefined;

    public static bool IsTrue(this JsonElement element, string name) => element.Member(name).ValueKind is JsonValueKind.True;

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>
    /// The cards of a template's payload: Messenger sends them in the payload, Instagram under generic; both send products under product.
    /// </summary>
    public static IEnumerable<JsonElement> Cards(this JsonElement payload) => payload.Items("elements")
        .Concat(payload.Member("generic").Items("elements"))
        .Concat(payload.Member("product").Items("elements"));

    /// <returns>A string, or the digits of a number as they are written: an id above 2^53 does not fit into a double.</returns>
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

    /// <returns>The text of an object as Meta sent it; null when the member is missing or no object.</returns>
    public static string? Raw(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Object } member ? member.GetRawText() : null;

    /// <summary>Meta's times are zero where there is none, and count milliseconds, but seconds in test events and lead ads.</summary>
    public static DateTimeOffset? Time(this JsonElement element, string name)
    {
        if (!long.TryParse(element.Text(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)) return null;
        if (value <= 0) return null;
        if (value < MaxSeconds) value *= 1000;
        return value > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? null : DateTimeOffset.FromUnixTimeMilliseconds(value);
    }

    /// <summary>Leaves out a name that is not valid text.</summary>
    public static IEnumerable<string> Names(this JsonElement element) =>
        element.ValueKind is JsonValueKind.Object ? element.EnumerateObject().Select(NameOf).OfType<string>() : [];

    /// <summary>
    /// Half of a surrogate pair, which a cut-off emoji leaves, is valid JSON but no valid text: it can neither be compared nor written into
    /// an answer. Each is replaced.
    /// </summary>
    public static ReadOnlyMemory<byte> WithoutLoneSurrogates(this ReadOnlyMemory<byte> json)
    {
        if (json.Span.IndexOf("\\ud"u8) < 0 && json.Span.IndexOf("\\uD"u8) < 0) return json;

        var text = Encoding.UTF8.GetString(json.Span);
        var repaired = WithoutLoneSurrogates(text);
        return repaired == text ? json : Encoding.UTF8.GetBytes(repaired);
    }

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
            // Half of a surrogate pair is valid JSON but no valid text. It is replaced, so that the rest of the message is kept.
            return JsonSerializer.Deserialize<string>(WithoutLoneSurrogates(member.GetRawText())) ?? "";
        }
    }

    private static string WithoutLoneSurrogates(string json) =>
        EscapeSequence().Replace(json, escape => escape.Groups["whole"].Success ? escape.Value : "\\ufffd");

    /// <summary>Reads one escape after the other, because an escaped backslash may stand before what looks like a surrogate.</summary>
    [GeneratedRegex(
        @"(?<whole>\\[^u]|\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2})|\\ud[89a-f][0-9a-f]{2}", RegexOptions.IgnoreCase)]
    private static partial Regex EscapeSequence();
}
