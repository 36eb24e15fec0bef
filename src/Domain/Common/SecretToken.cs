using System.Buffers.Text;

namespace MetaMessaging.Domain.Common;

/// <summary>256 random bits that prove a right to whoever has them, of which only a hash is stored.</summary>
public static class SecretToken
{
    public const int Length = 43;

    /// <summary>In characters that are valid in an address and in a cookie.</summary>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>SHA-256 suffices, because 256 random bits cannot be guessed however fast the hash is.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
