using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace MetaMessaging.Benchmarks.Ingest;

/// <summary>The deliveries of this suite: one message each, with a number that makes it unique.</summary>
internal static class IngestWebhook
{
    public const string Path = "/integrations/meta-messaging/webhook";
    public const string SignatureHeader = "X-Hub-Signature-256";
    public const string AppId = "123456789012345";
    public const string AppSecret = "0123456789abcdef0123456789abcdef";

    /// <summary>About as long as an average customer's message.</summary>
    public const string Text =
        "Hello! Is the blue cup back in stock? I would like to have two of them, and a bag of the Kenya as well.";

    private const long FirstTime = 1_767_225_600_000;

    private static readonly byte[] SecretBytes = Encoding.UTF8.GetBytes(AppSecret);
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public static byte[] Body(long number)
    {
        var (time, customerId) = (FirstTime + number, 7_000_000_000_000_000 + number % 500);
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"object":"page","entry":[{"id":"109876543210987","time":{{{time}}},"messaging":["""
                + $$$"""{"sender":{"id":"{{{customerId}}}"},"recipient":{"id":"109876543210987"},"timestamp":{{{time}}},"""
                + $$$"""{{{Message(number)}}}}]}]}"""));
    }

    private static string Message(long number) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""
        "message":{"mid":"m_{{{number:D20}}}","text":"{{{Text}}}"}
        """);

    public static HttpRequestMessage Request(Uri address, long number) => Request(address, Body(number));

    public static HttpRequestMessage Request(Uri address, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = Json;
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        request.Headers.TryAddWithoutValidation(
            SignatureHeader, "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(SecretBytes, body)));
        return request;
    }

    /// <returns>The number that the body was created with; null when it is not exactly that body.</returns>
    public static long? NumberOf(ReadOnlySpan<byte> body)
    {
        var at = body.IndexOf("\"m_"u8);
        return at >= 0 && long.TryParse(body.Slice(at + 3, 20), CultureInfo.InvariantCulture, out var number)
            && body.SequenceEqual(Body(number)) ? number : null;
    }
}
