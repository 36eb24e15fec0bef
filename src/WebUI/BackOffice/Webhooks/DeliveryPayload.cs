using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MetaMessaging.WebUI.BackOffice;

public enum PayloadKind
{
    Json,
    Text,

    /// <summary>Not text at all: bytes, sixteen a line.</summary>
    Bytes,
}

/// <summary>A body as people can read it, whatever it is.</summary>
/// <param name="IsCut">There is more; the download has all of it.</param>
public sealed record DeliveryPayload(string Text, PayloadKind Kind, int Size, bool IsCut)
{
    internal const int MostCharacters = 100_000;
    internal const int MaxBytes = 4096;
    private const int BytesInLine = 16;

    // Read by people, and encoded by the view: letters of other languages need no escape.
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal static DeliveryPayload Of(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return Cut(JsonSerializer.Serialize(json.RootElement, Readable), PayloadKind.Json, body.Length);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Half a surrogate pair is JSON to the parser and no text to anybody.
        }

        try
        {
            var text = Strict.GetString(body);
            if (!text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'))) return Cut(text, PayloadKind.Text, body.Length);
        }
        catch (DecoderFallbackException)
        {
            // Bytes then.
        }

        return new DeliveryPayload(Hex(body.AsSpan(0, Math.Min(body.Length, MaxBytes))), PayloadKind.Bytes, body.Length, body.Length > MaxBytes);
    }

    private static DeliveryPayload Cut(string text, PayloadKind kind, int size)
    {
        if (text.Length <= MostCharacters) return new DeliveryPayload(text, kind, size, IsCut: false);
        var end = text.LastIndexOf('\n', MostCharacters - 1);
        if (end < MostCharacters / 2) end = char.IsHighSurrogate(text[MostCharacters - 1]) ? MostCharacters - 1 : MostCharacters;
        return new DeliveryPayload(text[..end], kind, size, IsCut: true);
    }

    private static string Hex(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        for (var at = 0; at < bytes.Length; at += BytesInLine)
        {
            var line = bytes[at..Math.Min(at + BytesInLine, bytes.Length)];
            text.Append(CultureInfo.InvariantCulture, $"{at:x6}  ");
            foreach (var one in line) text.Append(CultureInfo.InvariantCulture, $"{one:x2} ");
            text.Append(' ', (3 * (BytesInLine - line.Length)) + 1);
            foreach (var one in line) text.Append(one is >= 0x20 and < 0x7f ? (char)one : '.');
            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n');
    }
}
