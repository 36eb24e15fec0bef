using System.Security.Cryptography;
using System.Text;

namespace MetaMessaging.Testing;

/// <summary>The samples of what Meta sends, in Payloads/.</summary>
public static class Payload
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Payloads");

    public static byte[] Messenger(string name) => File.ReadAllBytes(Path.Combine(Folder, "messenger", name + ".json"));

    public static byte[] Instagram(string name) => File.ReadAllBytes(Path.Combine(Folder, "instagram", name + ".json"));

    /// <summary>Every sample of both channels, as "messenger/message-text".</summary>
    public static IEnumerable<string> Names => new[] { "messenger", "instagram" }
        .SelectMany(channel => Directory.EnumerateFiles(Path.Combine(Folder, channel), "*.json").Select(file => $"{channel}/{Path.GetFileNameWithoutExtension(file)}"))
        .Order(StringComparer.Ordinal);

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Folder, name + ".json"));

    public static string Vectors => File.ReadAllText(Path.Combine(Folder, "vectors.json"));

    /// <summary>The value of X-Hub-Signature-256.</summary>
    public static string Sign(ReadOnlySpan<byte> body, string appSecret) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(appSecret), body));

    /// <summary>One Messenger text, as small as it gets.</summary>
    public static byte[] Text(string text, string mid, string psid = Some.Psid, string pageId = Some.PageId, long at = 1760000000001) =>
        Event(pageId, at, Item("message", $$"""{"mid":"{{mid}}","text":"{{text}}"}""", psid, pageId, at));

    /// <summary>One Messenger event, from the customer to the Page unless told otherwise.</summary>
    public static string Item(
        string key, string json, string sender = Some.Psid, string recipient = Some.PageId, long at = 1760000300000) =>
        $$$"""{"sender":{"id":"{{{sender}}}"},"recipient":{"id":"{{{recipient}}}"},"timestamp":{{{at}}},"{{{key}}}":{{{json}}}}""";

    /// <summary>One Instagram event, from the customer to the account unless told otherwise.</summary>
    public static string InstagramItem(string key, string json, string sender = Some.Igsid, string recipient = Some.IgAccountId) =>
        Item(key, json, sender, recipient);

    /// <summary>A delivery of Messenger events, each a JSON text.</summary>
    public static byte[] Event(string pageId, long at, params string[] events) => Encoding.UTF8.GetBytes(
        $$"""{"object":"page","entry":[{"id":"{{pageId}}","time":{{at}},"messaging":[{{string.Join(',', events)}}]}]}""");

    /// <summary>The same for Instagram.</summary>
    public static byte[] InstagramEvent(params string[] events) => Encoding.UTF8.GetBytes(
        $$"""{"object":"instagram","entry":[{"id":"{{Some.IgAccountId}}","time":1760000000001,"messaging":[{{string.Join(',', events)}}]}]}""");
}
