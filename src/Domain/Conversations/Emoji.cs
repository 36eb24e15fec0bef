using System.Globalization;

namespace MetaMessaging.Domain.Conversations;

public static class Emoji
{
    public const string Heart = "❤️";
    public const string ThumbsUp = "👍";

    private const char EmojiStyle = '\uFE0F';

    /// <summary>Whether the text is exactly one emoji, including its skin tone and joiners.</summary>
    public static bool IsOne(string text)
    {
        if (text.Length is 0 or > MessageReaction.MaxEmojiLength || StringInfo.GetNextTextElementLength(text) != text.Length) return false;
        return Rune.TryGetRuneAt(text, 0, out var first)
            && (Rune.GetUnicodeCategory(first) is UnicodeCategory.OtherSymbol || (text.Contains(EmojiStyle) && !Rune.IsLetter(first)));
    }
}
