using System.Net.Http.Headers;

namespace MetaMessaging.Infrastructure.Media;

/// <summary>Names of files as they are shown to people. They are never used as paths on disk.</summary>
internal static class FileNames
{
    private const int MaxLength = 120;
    private const int MaxExtensionLength = 10;

    public static string Of(ContentDispositionHeaderValue? disposition, Uri address, string type, string contentType) =>
        Clean(disposition?.FileNameStar)
        ?? Clean(disposition?.FileName?.Trim('"'))
        ?? (Clean(LastSegment(address)) is { } segment && segment.Contains('.', StringComparison.Ordinal) ? segment : null)
        ?? Clean(type + ContentSniffer.ExtensionOf(contentType))
        ?? "file.bin";

    public static string Of(string? uploaded, string contentType) =>
        Clean(uploaded?[(uploaded.LastIndexOfAny(['/', '\\']) + 1)..]) ?? "file" + ContentSniffer.ExtensionOf(contentType);

    private static string LastSegment(Uri address) =>
        Uri.UnescapeDataString(address.AbsolutePath[(address.AbsolutePath.LastIndexOf('/') + 1)..]);

    private static string? Clean(string? name)
    {
        if (name is null) return null;

        var clean = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune.Value is '/' or '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|' or ';' or '%') clean.Append('_');
            else if (IsVisible(rune)) clean.Append(rune);
        }

        var trimmed = clean.ToString().Trim(' ', '.', '_');
        return trimmed.Length == 0 ? null : Shorten(trimmed);
    }

    /// <summary>Excludes control characters, and marks for right-to-left text, which can make "exe.jpg" out of "gpj.exe".</summary>
    private static bool IsVisible(Rune rune) => rune.Value is not 0xFFFD && Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    private static string Shorten(string name)
    {
        if (name.Length <= MaxLength) return name;

        var extension = Path.GetExtension(name) is { Length: <= MaxExtensionLength } known ? known : "";
        var length = MaxLength - extension.Length;
        return string.Concat(name.AsSpan(0, char.IsHighSurrogate(name[length - 1]) ? length - 1 : length), extension);
    }
}
