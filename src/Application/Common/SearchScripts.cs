namespace MetaMessaging.Application.Common;

/// <summary>How the search divides text of any script into words.</summary>
internal static class SearchScripts
{
    /// <summary>
    /// Scripts written without spaces between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese, Tibetan), and Korean, which appends
    /// particles to words. In these each character and each pair of neighbours is indexed.
    /// </summary>
    public static bool IsDense(Rune rune) => rune.Value switch
    {
        < 0x0E00 => false,
        <= 0x109F => true,
        >= 0x1100 and <= 0x11FF => true,
        >= 0x1780 and <= 0x17FF => true,
        >= 0x3005 and <= 0x3007 => true,
        >= 0x3041 and <= 0x318F => true,
        >= 0x31F0 and <= 0x31FF => true,
        >= 0x3400 and <= 0x9FFF => true,
        >= 0xA960 and <= 0xA97F => true,
        >= 0xAC00 and <= 0xD7FF => true,
        >= 0xF900 and <= 0xFAFF => true,
        >= 0x20000 and <= 0x3FFFF => true,
        _ => false,
    };

    /// <summary>What people may leave out: accents, vowel points, emoji variants and invisible characters.</summary>
    public static bool IsAccent(Rune rune) => rune.Value switch
    {
        0x0640 => true,   // a stroke that widens Arabic words
        >= 0x0300 and <= 0x036F => true,
        >= 0x0483 and <= 0x0489 => true,
        >= 0x0591 and <= 0x05C7 => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark,
        >= 0x0610 and <= 0x061A => true,
        >= 0x064B and <= 0x065F => true,
        0x0670 => true,
        >= 0x06D6 and <= 0x06ED => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark,
        >= 0x1AB0 and <= 0x1AFF => true,
        >= 0x1DC0 and <= 0x1DFF => true,
        >= 0x20D0 and <= 0x20FF => true,
        >= 0xFE00 and <= 0xFE0F => true,
        >= 0xFE20 and <= 0xFE2F => true,
        >= 0x1F3FB and <= 0x1F3FF => true,
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format,
    };

    public static SearchWordKind KindOf(Rune rune) => IsDense(rune) && !Rune.IsWhiteSpace(rune) && !IsPunctuation(rune)
        ? SearchWordKind.Dense
        : Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => SearchWordKind.Word,
            UnicodeCategory.OtherSymbol or UnicodeCategory.PrivateUse => SearchWordKind.Symbol,
            _ => SearchWordKind.None,
        };

    /// <summary>Folded text as runs of one kind each.</summary>
    public static IEnumerable<SearchRun> RunsOf(string folded)
    {
        for (var start = 0; start < folded.Length;)
        {
            var kind = KindAt(folded, start, out var end);
            while (kind is SearchWordKind.Word or SearchWordKind.Dense && end < folded.Length && KindAt(folded, end, out var next) == kind)
                end = next;
            if (kind is not SearchWordKind.None) yield return new SearchRun(kind, start, end - start);
            start = end;
        }
    }

    private static SearchWordKind KindAt(string text, int index, out int end)
    {
        end = index + 1;
        var character = text[index];
        if (char.IsAscii(character)) return char.IsAsciiLetterOrDigit(character) ? SearchWordKind.Word : SearchWordKind.None;
        if (!Rune.TryGetRuneAt(text, index, out var rune)) return SearchWordKind.None;
        end = index + rune.Utf16SequenceLength;
        return KindOf(rune);
    }

    private static bool IsPunctuation(Rune rune) => Rune.IsPunctuation(rune) || Rune.IsSymbol(rune);
}

internal enum SearchWordKind
{
    None,
    Word,
    Dense,

    /// <summary>An emoji, which is a word of its own.</summary>
    Symbol,
}

internal readonly record struct SearchRun(SearchWordKind Kind, int Start, int Length);
