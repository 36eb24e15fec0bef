using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.OAuth;

/// <summary>The signed form field of the deauthorize and data-deletion callbacks (platform reference, OAuth → signed_request).</summary>
internal static class SignedRequest
{
    public static string Make(Platform platform, string userId)
    {
        var now = platform.Clock.NowSeconds;
        var json = new JsonObject { ["algorithm"] = "HMAC-SHA256", ["expires"] = now + 3600, ["issued_at"] = now, ["user_id"] = userId };
        var payload = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(platform.Settings.App.Secret), Encoding.ASCII.GetBytes(payload));
        return $"{Base64Url.EncodeToString(signature)}.{payload}";
    }
}
