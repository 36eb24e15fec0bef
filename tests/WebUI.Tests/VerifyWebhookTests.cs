using System.Text.Json.Nodes;
using MetaMessaging.Testing;

namespace MetaMessaging.WebUI.Tests;

public sealed class VerifyWebhookTests(AppFixture fixture)
{
    public static TheoryData<string, int, string?> Verifications
    {
        get
        {
            var data = new TheoryData<string, int, string?>();
            foreach (var query in JsonNode.Parse(Payload.Vectors)!["verification_queries"]!.AsArray())
            {
                var text = ((string)query!["query"]!).Replace(
                    "=TOKEN", "=" + Uri.EscapeDataString(AppFixture.VerifyToken), StringComparison.Ordinal);
                data.Add(text, text.Length == 0 ? 400 : (int)query["status"]!, (string?)query["body"]);
            }

            var token = Uri.EscapeDataString(AppFixture.VerifyToken);
            data.Add($"hub_mode=subscribe&hub_challenge=under&hub_verify_token={token}", 200, "under");
            data.Add(
                $"hub.mode=subscribe&hub.challenge=%3Cscript%3Ealert(1)%3C%2Fscript%3E&hub.verify_token={token}",
                200,
                "<script>alert(1)</script>");
            data.Add($"hub.mode=subscribe&hub.verify_token={token}", 400, null);
            data.Add("hub.mode=subscribe&hub.challenge=1", 400, null);
            data.Add($"hub.challenge=1&hub.verify_token={token}", 400, null);
            data.Add($"hub.mode=subscribe&hub.challenge=1&hub.verify_token={token.ToUpperInvariant()}", 403, null);
            data.Add($"hub.mode=subscribe&hub.challenge=1&hub.verify_token={token}&hub.verify_token={token}", 403, null);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Verifications))]
    public async Task Verification_answers_with_the_challenge_or_a_problem(string query, int status, string? body)
    {
        var answer = await fixture.App.Anonymous().GetAsync($"integrations/meta-messaging/webhook?{query}", ("Accept", "text/html"));

        Assert.Equal(status, answer.Status);
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        if (body is not null) Assert.Equal(("text/plain", body), (answer.ContentType, answer.Text));
        else Assert.Equal("application/problem+json", answer.ContentType);
    }
}
