using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MetaMessaging.WebUI.BackOffice;

public enum PayloadKind
{
    Json,
    Text,
    Bytes,
}

/// <summary>The body of a delivery as the page shows it: indented JSON, other text as it came, and anything else as a hex dump.</summary>
/// <param name="IsCut">The text holds only the beginning; the download has the whole body.</param>
public sealed record DeliveryPayload(string Text, PayloadKind Kind, int Size, bool IsCut)
{
    internal const int MaxCharacters = 100_000;
    internal const int MaxBytes = 4096;
    private const int BytesInLine = 16;

    // The view encodes the text, so letters outside ASCII need no escapes.
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public string KindLabel => Kind switch
    {
        PayloadKind.Json => "JSON",
        PayloadKind.Text => "not JSON: shown as it came",
        _ => "not text: shown as bytes",
    };

    internal static DeliveryPayload Of(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body.AsMemory(body.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0));
            return Cut(JsonSerializer.Serialize(json.RootElement, Indented), PayloadKind.Json, body.Length);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or a string in it holds half a surrogate pair: the parser accepts that, the serializer does not.
        }

        try
        {
            var text = Utf8.GetString(body);
            var isText = text.All(c => !char.IsControl(c) || c is '\n' or '\r' or '\t');
            if (isText) return Cut(text, PayloadKind.Text, body.Length);
        }
        catch (DecoderFallbackException)
        {
            // Not UTF-8.
        }

        var hex = Hex(body.AsSpan(0, Math.Min(body.Length, MaxBytes)));
        return new DeliveryPayload(hex, PayloadKind.Bytes, body.Length, IsCut: body.Length > MaxBytes);
    }

    /// <summary>Cuts at the end of a line where there is one, and never within a surrogate pair.</summary>
    private static DeliveryPayload Cut(string text, PayloadKind kind, int size)
    {
        if (text.Length <= MaxCharacters) return new DeliveryPayload(text, kind, size, IsCut: false);
        var end = text.LastIndexOf('\n', MaxCharacters - 1);
        if (end < MaxCharacters / 2) end = char.IsHighSurrogate(text[MaxCharacters - 1]) ? MaxCharacters - 1 : MaxCharacters;
        return new DeliveryPayload(text[..end], kind, size, IsCut: true);
    }

    private static string Hex(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        for (var at = 0; at < bytes.Length; at += BytesInLine)
        {
            var line = bytes[at..Math.Min(at + BytesInLine, bytes.Length)];
            text.Append(CultureInfo.InvariantCulture, $"{at:x6}  ");
            foreach (var octet in line) text.Append(CultureInfo.InvariantCulture, $"{octet:x2} ");
            text.Append(' ', (3 * (BytesInLine - line.Length)) + 1);
            foreach (var octet in line) text.Append(octet is >= 0x20 and < 0x7f ? (char)octet : '.');
            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n');
    }
}
