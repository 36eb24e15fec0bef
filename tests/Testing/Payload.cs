using System.Security.Cryptography;
using System.Text;

namespace MetaMessaging.Testing;

/// <summary>Samples of Meta's webhooks, from Payloads/.</summary>
public static class Payload
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Payloads");

    public static byte[] Messenger(string name) => File.ReadAllBytes(Path.Combine(Folder, "messenger", name + ".json"));

    public static byte[] Instagram(string name) => File.ReadAllBytes(Path.Combine(Folder, "instagram", name + ".json"));

    /// <summary>Every sample of both channels, as "messenger/message-text".</summary>
    public static IEnumerable<string> Names => new[] { "messenger", "instagram" }
        .SelectMany(channel => Directory
            .EnumerateFiles(Path.Combine(Folder, channel), "*.json")
            .Select(file => $"{channel}/{Path.GetFileNameWithoutExtension(file)}"))
        .Order(StringComparer.Ordinal);

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Folder, name + ".json"));

    public static string Vectors => File.ReadAllText(Path.Combine(Folder, "vectors.json"));

    /// <summary>The value of X-Hub-Signature-256.</summary>
    public static string Sign(ReadOnlySpan<byte> body, string appSecret) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(appSecret), body));

    /// <summary>A delivery of one Messenger text with the required fields only.</summary>
    public static byte[] Text(string text, string mid, string psid = Some.Psid, string pageId = Some.PageId, long at = 1760000000001) =>
        Event(pageId, at, Item("message", $$"""{"mid":"{{mid}}","text":"{{text}}"}""", psid, pageId, at));

    /// <summary>One Messenger event, from the customer to the Page by default.</summary>
    public static string Item(
        string key, string json, string sender = Some.Psid, string recipient = Some.PageId, long at = 1760000300000) =>
        $$$"""{"sender":{"id":"{{{sender}}}"},"recipient":{"id":"{{{recipient}}}"},"timestamp":{{{at}}},"{{{key}}}":{{{json}}}}""";

    /// <summary>One Instagram event, from the customer to the account by default.</summary>
    public static string InstagramItem(string key, string json, string sender = Some.Igsid, string recipient = Some.IgAccountId) =>
        Item(key, json, sender, recipient);

    /// <summary>A delivery of Messenger events, given as JSON.</summary>
    public static byte[] Event(string pageId, long at, params string[] events) => Encoding.UTF8.GetBytes(
        $$"""{"object":"page","entry":[{"id":"{{pageId}}","time":{{at}},"messaging":[{{string.Join(',', events)}}]}]}""");

    /// <summary>A delivery of Instagram events, given as JSON.</summary>
    public static byte[] InstagramEvent(params string[] events)
    {
        var entry = $$"""{"id":"{{Some.IgAccountId}}","time":1760000000001,"messaging":[{{string.Join(',', events)}}]}""";
        return Encoding.UTF8.GetBytes($$"""{"object":"instagram","entry":[{{entry}}]}""");
    }
}
