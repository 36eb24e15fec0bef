using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>What Meta posts: text messages to the Page of the simulator, signed with its app's secret.</summary>
internal static class Deliveries
{
    private const string PageId = "109876543210987";
    private const string AppSecret = "0123456789abcdef0123456789abcdef";

    public static byte[] Of(params IEnumerable<SentText> texts)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var messaging = new JsonArray([.. texts.Select(text => new JsonObject
        {
            ["sender"] = new JsonObject { ["id"] = text.CustomerId },
            ["recipient"] = new JsonObject { ["id"] = PageId },
            ["timestamp"] = text.At ?? now,
            ["message"] = new JsonObject { ["mid"] = text.Mid, ["text"] = text.Text },
        })]);
        return Encoding.UTF8.GetBytes(new JsonObject
        {
            ["object"] = "page",
            ["entry"] = new JsonArray(new JsonObject { ["id"] = PageId, ["time"] = now, ["messaging"] = messaging }),
        }.ToJsonString());
    }

    /// <returns>False when it was not acknowledged, for whatever reason: Meta delivers it again then.</returns>
    public static async Task<bool> TryPostAsync(HttpClient http, Uri webhook, byte[] body) => await PostAsync(http, webhook, body) is null;

    /// <returns>Why it was not acknowledged.</returns>
    public static async Task<string?> PostAsync(HttpClient http, Uri webhook, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook) { Content = new ByteArrayContent(body) };
        request.Headers.Add(
            "X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(AppSecret), body)));
        try
        {
            using var answer = await http.SendAsync(request);
            return answer.StatusCode is HttpStatusCode.OK ? null : answer.StatusCode.ToString();
        }
        catch (HttpRequestException exception)
        {
            return exception.GetBaseException().Message;
        }
    }
}

internal sealed record SentText(string CustomerId, string Mid, string Text, long? At = null);
