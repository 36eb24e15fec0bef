using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Customers;

/// <summary>
/// Meta's words for the common emoji; the rest is "other" (platform reference, Webhooks → Reactions, postbacks, referrals, opt-ins).
/// </summary>
internal static class Reactions
{
    public static string NameOf(Channel channel, string emoji) => emoji.Replace("\uFE0F", "", StringComparison.Ordinal) switch
    {
        "❤" => "love",
        "😆" or "😂" => channel is Channel.Messenger ? "smile" : "laugh",
        "😀" or "😊" => channel is Channel.Messenger ? "smile" : "other",
        "😮" => "wow",
        "😢" => "sad",
        "😠" or "😡" => "angry",
        "👍" => "like",
        "👎" => channel is Channel.Messenger ? "dislike" : "other",
        _ => "other",
    };

    public static string? EmojiOf(string name) => name switch
    {
        "love" => "❤\uFE0F",
        "smile" or "laugh" => "😆",
        "wow" => "😮",
        "sad" => "😢",
        "angry" => "😠",
        "like" => "👍",
        "dislike" => "👎",
        _ => null,
    };
}
