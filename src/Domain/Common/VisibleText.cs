using System.Globalization;

namespace MetaMessaging.Domain.Common;

public static class VisibleText
{
    /// <summary>
    /// Whether a reader would see nothing: white space, control characters, and invisible ones such as U+200B (zero-width space), U+FEFF,
    /// U+2060 and marks of direction.
    /// </summary>
    public static bool IsBlank(string? text) => text is null || text.EnumerateRunes().All(rune =>
        Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format);
}
