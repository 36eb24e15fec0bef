using System.Buffers;

namespace MetaMessaging.Application.Inbound;

/// <summary>HMAC-SHA256 over the exact bytes of the body (platform reference, Webhooks → Signature).</summary>
public static class WebhookSignature
{
    private const string Prefix = "sha256=";

    /// <param name="header">The X-Hub-Signature-256 header as it came; null when it is missing or came twice.</param>
    public static bool IsValid(ReadOnlySpan<byte> body, string? header, string appSecret)
    {
        if (header is null || header.Length != Prefix.Length + 2 * SHA256.HashSizeInBytes) return false;
        if (!header.StartsWith(Prefix, StringComparison.Ordinal)) return false;

        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        if (Convert.FromHexString(header.AsSpan(Prefix.Length), given, out _, out _) is not OperationStatus.Done) return false;

        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(appSecret), body, expected);
        return CryptographicOperations.FixedTimeEquals(given, expected);
    }
}
