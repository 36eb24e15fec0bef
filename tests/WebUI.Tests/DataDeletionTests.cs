using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;

namespace MetaMessaging.WebUI.Tests;

public sealed class DataDeletionTests(AppFixture fixture)
{
    [Fact]
    public async Task Meta_gets_an_address_that_tells_anybody_with_the_code_what_was_done_and_not_about_whom()
    {
        using var meta = fixture.App.Anonymous();

        var answer = await meta.PostFormAsync("integrations/meta-messaging/data-deletion", ("signed_request", Signed("4711004711")));

        Assert.Equal(200, answer.Status);
        var (url, code) = (new Uri((string)answer.Json["url"]!), (string)answer.Json["confirmation_code"]!);
        Assert.EndsWith($"/integrations/meta-messaging/data-deletion/{code}", url.AbsolutePath, StringComparison.Ordinal);
        var page = await meta.GetAsync(url.PathAndQuery.TrimStart('/'), ("Accept", "text/html"));
        Assert.Equal((200, "text/html"), (page.Status, page.ContentType));
        Assert.Contains(code, page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("4711004711", page.Text, StringComparison.Ordinal);
        Assert.Equal(404, (await meta.GetAsync("integrations/meta-messaging/data-deletion/UNKNOWN")).Status);
    }

    [Fact]
    public async Task Deauthorizing_is_answered_200_and_a_wrong_signature_400()
    {
        using var meta = fixture.App.Anonymous();
        const string address = "integrations/meta-messaging/deauthorize";

        Assert.Equal(200, (await meta.PostFormAsync(address, ("signed_request", Signed("4711004711")))).Status);
        var wrong = await meta.PostFormAsync(address, ("signed_request", Signed("4711004711", "another secret")));
        Assert.Equal((400, "validation_failed"), (wrong.Status, wrong.Code));
        Assert.Equal(400, (await meta.PostFormAsync(address, ("something", "else"))).Status);
        Assert.Equal(415, (await meta.PostAsync(address, new { signed_request = "json" })).Status);
        Assert.Equal(413, (await meta.PostFormAsync(address, ("signed_request", new string('x', 70_000)))).Status);
    }

    private string Signed(string userId, string secret = SimulatorOptions.DefaultAppSecret)
    {
        var issuedAt = fixture.App.Clock.GetUtcNow().ToUnixTimeSeconds();
        var payload = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
            $$"""{"algorithm":"HMAC-SHA256","issued_at":{{issuedAt}},"user_id":"{{userId}}"}"""));
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(payload));
        return $"{Base64Url.EncodeToString(signature)}.{payload}";
    }
}
