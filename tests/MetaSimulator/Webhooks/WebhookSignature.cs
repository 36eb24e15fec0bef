using System.Security.Cryptography;
using System.Text;

namespace MetaMessaging.MetaSimulator.Webhooks;

/// <summary><c>X-Hub-Signature-256</c> over the exact bytes of the body (platform reference, Webhooks → Signature).</summary>
internal static class WebhookSignature
{
    public static string Of(ReadOnlySpan<byte> body, string appSecret) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(appSecret), body));

    /// <summary>The legacy SHA-1 header, which Meta still sends and which is not secure.</summary>
#pragma warning disable CA5350 // The old header is SHA-1 by definition.
    public static string LegacyOf(ReadOnlySpan<byte> body, string appSecret) =>
        "sha1=" + Convert.ToHexStringLower(HMACSHA1.HashData(Encoding.UTF8.GetBytes(appSecret), body));
#pragma warning restore CA5350
}
