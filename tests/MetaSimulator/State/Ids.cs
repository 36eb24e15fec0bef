using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MetaMessaging.MetaSimulator.State;

/// <summary>Makes ids that look like Meta's (platform reference, Vocabulary → Ids).</summary>
internal static class Ids
{
    // What every Instagram message id of one account begins with: an encoded "ig_item:1:IGMessageID:{account}:".
    private const string InstagramItem = "aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlEO";
    private const string InstagramThread = "aWdfZAG06MTpJR01lc3NhZA2VUaHJlYWQ6";

    public static string MessageId(Channel channel, string accountId) => channel is Channel.Messenger
        ? "m_" + Random(64)
        : $"{InstagramItem}{Encode(accountId + ":")}{Random(72)}ZDZD";

    public static string ConversationId(Channel channel, string accountId, string scopedId) => channel is Channel.Messenger
        ? $"t_{scopedId}"
        : $"{InstagramThread}{Encode($"{accountId}:{scopedId}")}";

    public static string AccessToken(string appId) =>
        $"EAAB{Encode(appId)[..12]}{Random(108).Replace("-", "Z", StringComparison.Ordinal).Replace("_", "D", StringComparison.Ordinal)}";

    public static string AuthorizationCode() => "AQD" + Random(150);

    public static string TraceId() => "A" + Random(16);

    public static string Digits(string prefix, int length)
    {
        var id = new StringBuilder(prefix, length);
        while (id.Length < length) id.Append((char)('0' + RandomNumberGenerator.GetInt32(10)));
        return id.ToString();
    }

    private static string Random(int bytes) => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes));

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(text));
}
