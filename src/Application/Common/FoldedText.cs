using System.Collections.Concurrent;

namespace MetaMessaging.Application.Common;

/// <summary>
/// Text as the search compares it: without case and accents, one form of each character (full-width, ligatures), ß as ss. Stored texts and
/// what is searched for are folded by the same code.
/// </summary>
public sealed class FoldedText
{
    /// <summary>Characters beyond ASCII that stand alone; a text of other scripts repeats the same few dozen.</summary>
    private static readonly ConcurrentDictionary<char, string> SingleCharacters = new();

    private readonly int[]? origins;

    private FoldedText(string original, string text, int[]? origins)
    {
        Original = original;
        Text = text;
        this.origins = origins;
    }

    public string Original { get; }

    public string Text { get; }

    public static FoldedText Of(string original)
    {
        if (Ascii.IsValid(original)) return new FoldedText(original, original.ToLowerInvariant(), null);

        var text = new StringBuilder(original.Length + 8);
        var origins = new List<int>(original.Length + 8);
        for (var start = 0; start < original.Length;)
        {
            var length = StringInfo.GetNextTextElementLength(original, start);
            if (length == 1 && char.IsAscii(original[start])) text.Append(char.ToLowerInvariant(original[start]));
            else if (length == 1) text.Append(SingleCharacters.GetOrAdd(original[start], c => Fold(c.ToString())));
            else text.Append(Fold(original.Substring(start, length)));

            while (origins.Count < text.Length) origins.Add(start);
            start += length;
        }

        origins.Add(original.Length);
        return new FoldedText(original, text.ToString(), [.. origins]);
    }

    /// <summary>The part of the original that a part of the folded text comes from: whole characters with their accents.</summary>
    public Range OriginOf(Range folded)
    {
        var (start, length) = folded.GetOffsetAndLength(Text.Length);
        if (origins is null) return folded;

        var end = start + length;
        while (end < Text.Length && origins[end] == origins[end - 1]) end++;   // "s" is found in "ß", of which all is shown
        return origins[start]..origins[end];
    }

    private static string Fold(string element)
    {
        // Half of a surrogate pair cannot be normalized; enumerating replaces it.
        var wellFormed = string.Concat(element.EnumerateRunes().Select(r => r.ToString()));
        var folded = new StringBuilder(element.Length);
        foreach (var rune in wellFormed.Normalize(NormalizationForm.FormKC).EnumerateRunes())
        {
            // In scripts whose characters are composed of others (Hangul, kana with dakuten) the parts mean something else.
            if (SearchScripts.IsDense(rune)) folded.Append(rune);
            else foreach (var part in rune.ToString().Normalize(NormalizationForm.FormKD).EnumerateRunes()) Append(folded, part);
        }

        return folded.ToString();
    }

    private static void Append(StringBuilder folded, Rune rune)
    {
        if (SearchScripts.IsAccent(rune)) return;

        var lower = Rune.ToLowerInvariant(rune);
        if (LetterOf(lower) is { } letters) folded.Append(letters);
        else folded.Append(lower);
    }

    /// <summary>Letters that Unicode does not decompose, although people write them without the stroke or as two.</summary>
    private static string? LetterOf(Rune lower) => lower.Value switch
    {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' or 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        'ς' => "σ",
        _ => null,
    };
}
