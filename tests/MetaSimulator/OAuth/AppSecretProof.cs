using System.Security.Cryptography;
using System.Text;

namespace MetaMessaging.MetaSimulator.OAuth;

/// <summary>HMAC-SHA256 of the token under the app secret, in lowercase hex (platform reference, OAuth → appsecret_proof).</summary>
internal static class AppSecretProof
{
    public static bool Matches(string proof, string token, string secret) =>
        proof == Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(token)));
}
