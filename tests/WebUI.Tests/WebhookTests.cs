using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.WebUI.Tests;

public sealed class WebhookTests(AppFixture fixture)
{
    private const string Secret = SimulatorOptions.DefaultAppSecret;
    private const string Address = "integrations/meta-messaging/webhook";

    private readonly ApiClient meta = fixture.App.Anonymous();

    public static TheoryData<string> Vectors => [.. JsonNode.Parse(Payload.Vectors)!["webhook_signatures"]!.AsArray().Select(v => (string)v!["name"]!)];

    [Theory]
    [MemberData(nameof(Vectors))]
    public async Task A_golden_signature_is_accepted_and_the_bytes_are_kept(string name)
    {
        var vector = JsonNode.Parse(Payload.Vectors)!["webhook_signatures"]!.AsArray().Single(v => (string)v!["name"]! == name)!;
        var body = Convert.FromBase64String((string)vector["body_base64"]!);

        var answer = await meta.DeliverAsync(body, (string)vector["x_hub_signature_256"]!);

        Assert.Equal((200, "text/plain", "EVENT_RECEIVED"), (answer.Status, answer.ContentType, answer.Text));
        Assert.True(await IsStoredAsync(body));
    }

    [Fact]
    public async Task Upper_case_hex_is_the_same_signature()
    {
        var body = Unique();
        var signature = Payload.Sign(body, Secret);

        Assert.Equal(200, (await meta.DeliverAsync(body, "sha256=" + signature["sha256=".Length..].ToUpperInvariant())).Status);
    }

    public static TheoryData<string, string?> WrongSignatures => new()
    {
        { "missing", null },
        { "empty", "" },
        { "prefix only", "sha256=" },
        { "of another secret", "other" },
        { "of other bytes", "bytes" },
        { "one digit off", "digit" },
        { "too short", "short" },
        { "too long", "long" },
        { "no hex", "sha256=" + new string('z', 64) },
        { "another algorithm's word", "sha1word" },
        { "without its word", "bare" },
    };

    [Theory]
    [MemberData(nameof(WrongSignatures))]
    public async Task A_signature_that_is(string what, string? kind)
    {
        var body = Unique();
        var right = Payload.Sign(body, Secret);
        var signature = kind switch
        {
            "other" => Payload.Sign(body, "another secret"),
            "bytes" => Payload.Sign([.. body, (byte)'\n'], Secret),
            "digit" => right[..^1] + (right[^1] == '0' ? '1' : '0'),
            "short" => right[..^1],
            "long" => right + "0",
            "sha1word" => "sha1=" + right["sha256=".Length..],
            "bare" => right["sha256=".Length..],
            _ => kind,
        };

        var answer = await meta.DeliverAsync(body, signature);

        Assert.True(answer.Status is 403, $"{what}: {answer}");
        Assert.Equal("invalid_signature", answer.Code);
        Assert.DoesNotContain(right["sha256=".Length..], answer.Text, StringComparison.OrdinalIgnoreCase);
        Assert.False(await IsStoredAsync(body));
    }

    [Fact]
    public async Task While_the_database_is_blocked_the_queue_fills_and_then_refuses_at_once()
    {
        await using var app = await App.StartAsync();
        using var admin = await app.SignInAsync();
        await admin.PutAsync("api/admin/system-config", new { metaMessagingAppId = "1", metaMessagingAppSecret = Secret, metaMessagingVerifyToken = "token" });
        using var anybody = app.Anonymous();
        var body = new byte[4 * 1024 * 1024];
        var signature = Payload.Sign(body, Secret);
        await using var blocker = new SqliteConnection($"Data Source={app.DatabaseFile};Pooling=False");
        await blocker.OpenAsync(TestContext.Current.CancellationToken);
        var blocked = blocker.BeginTransaction();

        var posted = Enumerable.Range(0, 70).Select(_ => anybody.DeliverAsync(body, signature)).ToList();   // a few more than may wait
        var first = await await Task.WhenAny(posted);

        Assert.Equal((503, "delivery_not_stored"), (first.Status, first.Code));
        Assert.InRange(posted.Count(p => p.IsCompleted), 1, 10);   // the others wait for their commit
        await blocked.DisposeAsync();
        var answers = await Task.WhenAll(posted);
        Assert.Contains(answers, a => a.Status is 200);
        Assert.All(answers, a => Assert.True(a.Status is 200 or 503, a.ToString()));
    }

    [Fact]
    public async Task The_old_header_alone_proves_nothing()
    {
        var body = Unique();

        var answer = await meta.SendAsync(HttpMethod.Post, Address, new ByteArrayContent(body), ("X-Hub-Signature", "sha1=" + new string('0', 40)));

        Assert.Equal(403, answer.Status);
    }

    [Fact]
    public async Task Two_signatures_are_one_too_many()
    {
        var body = Unique();
        var right = Payload.Sign(body, Secret);

        Assert.Equal(403, (await meta.SendAsync(HttpMethod.Post, Address, new ByteArrayContent(body), ("X-Hub-Signature-256", right), ("X-Hub-Signature-256", right))).Status);
        Assert.Equal(403, (await meta.DeliverAsync(body, $"{right}, {right}")).Status);
    }

    [Fact]
    public async Task A_body_that_was_written_anew_on_the_way_is_another_body()
    {
        var body = Encoding.UTF8.GetBytes("""{"object":"page","entry":[],"t":"\u00e4\/"}""");
        var signature = Payload.Sign(body, Secret);
        var rewritten = Encoding.UTF8.GetBytes(JsonNode.Parse(body)!.ToJsonString());

        Assert.Equal(403, (await meta.DeliverAsync(rewritten, signature)).Status);
        Assert.Equal(403, (await meta.DeliverAsync([.. body, (byte)'\n'], signature)).Status);
        Assert.Equal(403, (await meta.DeliverAsync([0xEF, 0xBB, 0xBF, .. body], signature)).Status);
    }

    [Fact]
    public async Task Too_large_is_413_whether_it_says_so_or_not()
    {
        var body = new byte[4 * 1024 * 1024 + 1];
        var signature = Payload.Sign(body, Secret);

        Assert.Equal(413, (await meta.DeliverAsync(body, signature)).Status);
        Assert.Equal(413, (await meta.SendAsync(HttpMethod.Post, Address, new Chunked(body), ("X-Hub-Signature-256", signature))).Status);
    }

    [Fact]
    public async Task A_delivery_as_large_as_allowed_is_taken_chunked_too()
    {
        var text = new string(' ', 4 * 1024 * 1024 - 4096);   // the frames of the chunks count, too
        var body = Encoding.UTF8.GetBytes("{" + text + "}");

        Assert.Equal(200, (await meta.SendAsync(HttpMethod.Post, Address, new Chunked(body), ("X-Hub-Signature-256", Payload.Sign(body, Secret)))).Status);
    }

    public static TheoryData<string> Rubbish => [
        "", "no json", "null", "42", "\"text\"", "true", "[]", "[1,2]", "{", "{}x", "\ufeff{}", "{\"object\":\"page\",\"entry\":", "\0\0\0"];

    [Theory]
    [MemberData(nameof(Rubbish))]
    public async Task What_is_signed_and_not_json_is_kept_for_ops(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        var answer = await meta.DeliverAsync(bytes, Payload.Sign(bytes, Secret));

        Assert.Equal(200, answer.Status);
        var delivery = await UntilProcessedAsync(bytes);
        Assert.True(delivery.State is WebhookDeliveryState.Failed || body == "[]", $"{delivery.State}");
        Assert.False(string.IsNullOrEmpty(delivery.Error));
    }

    public static TheoryData<string> WrongTypes => [
        """{"object":1,"entry":{}}""",
        """{"object":"page","entry":"x"}""",
        """{"object":"page","entry":[1,null,"x",[],{}]}""",
        """{"object":"page","entry":[{"id":{},"messaging":[1,null,[],{"sender":1,"recipient":[],"message":"text"}]}]}""",
        """{"object":"page","entry":[{"id":"109876543210987","messaging":[{"sender":{"id":{}},"recipient":{"id":true},"timestamp":{},"message":{"mid":[],"text":{},"attachments":{}}}]}]}""",
        """{"object":"page","entry":[{"id":"109876543210987","time":"x","messaging":[{"sender":{"id":"1"},"recipient":{"id":"109876543210987"},"timestamp":99999999999999999999,"message":{"mid":"m_wrong1","attachments":[1,null,"x",{"type":7,"payload":[]}]}}]}]}""",
        """{"object":"page","entry":[{"id":"109876543210987","messaging":[{"sender":{"id":"1"},"recipient":{"id":"109876543210987"},"read":{"watermark":"never"}},{"sender":{"id":"1"},"recipient":{"id":"109876543210987"},"delivery":{"mids":"m_1"}}]}]}""",
        """{"object":"page","object":"instagram","entry":[{"id":"109876543210987","changes":[{"field":{},"value":7}]}]}""",
        """{"object":"page","entry":[{"id":"109876543210987","messaging":[{"sender":{"id":"\ud800"},"recipient":{"id":"109876543210987"},"message":{"mid":"m_\udc00","text":"\ud83d"}}]}]}"""];

    [Theory]
    [MemberData(nameof(WrongTypes))]
    public async Task Wrong_types_break_nothing(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        Assert.Equal(200, (await meta.DeliverAsync(bytes, Payload.Sign(bytes, Secret))).Status);

        var delivery = await UntilProcessedAsync(bytes);
        Assert.DoesNotContain("Object reference", delivery.Error ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hundred_thousand_brackets_are_one_failed_delivery()
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("[{\"a\":", 50_000)));

        Assert.Equal(200, (await meta.DeliverAsync(bytes, Payload.Sign(bytes, Secret))).Status);

        Assert.Equal(WebhookDeliveryState.Failed, (await UntilProcessedAsync(bytes)).State);
    }

    [Fact]
    public async Task A_thousand_events_are_one_delivery()
    {
        var bytes = Payload.Event("404", 1760000000000, [.. Enumerable.Range(0, 1000).Select(i =>
            $$$"""{"sender":{"id":"{{{i}}}"},"recipient":{"id":"404"},"timestamp":1760000000000,"message":{"mid":"m_k{{{i}}}","text":"x"}}""")]);

        Assert.Equal(200, (await meta.DeliverAsync(bytes, Payload.Sign(bytes, Secret))).Status);

        Assert.Equal(1000, (await UntilProcessedAsync(bytes)).EventCount);
    }

    public static TheoryData<string, int, string?> Verifications
    {
        get
        {
            var data = new TheoryData<string, int, string?>();
            foreach (var query in JsonNode.Parse(Payload.Vectors)!["verification_queries"]!.AsArray())
            {
                var text = ((string)query!["query"]!).Replace("=TOKEN", "=" + Uri.EscapeDataString(AppFixture.VerifyToken), StringComparison.Ordinal);
                data.Add(text, text.Length == 0 ? 400 : (int)query["status"]!, (string?)query["body"]);
            }

            var token = Uri.EscapeDataString(AppFixture.VerifyToken);
            data.Add($"hub_mode=subscribe&hub_challenge=under&hub_verify_token={token}", 200, "under");
            data.Add($"hub.mode=subscribe&hub.challenge=%3Cscript%3Ealert(1)%3C%2Fscript%3E&hub.verify_token={token}", 200, "<script>alert(1)</script>");
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
    public async Task Verification_answers(string query, int status, string? body)
    {
        var answer = await meta.GetAsync($"{Address}?{query}", ("Accept", "text/html"));

        Assert.Equal(status, answer.Status);
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        if (body is not null) Assert.Equal(("text/plain", body), (answer.ContentType, answer.Text));
        else Assert.Equal("application/problem+json", answer.ContentType);
    }

    [Fact]
    public async Task Without_a_secret_nothing_is_accepted()
    {
        await using var app = await App.StartAsync();
        var body = Unique();
        using var client = app.Anonymous();

        foreach (var signature in new[] { null, Payload.Sign(body, ""), Payload.Sign(body, Secret) })
        {
            var answer = await client.DeliverAsync(body, signature);

            Assert.Equal((503, "meta_not_configured"), (answer.Status, answer.Code));
            Assert.True(int.Parse(answer.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture) > 0);
        }

        Assert.Equal(0, await app.InDatabaseAsync(db => db.WebhookDeliveries.CountAsync()));
    }

    [Fact]
    public async Task With_a_broken_database_nothing_is_pretended_and_later_all_is_well()
    {
        await using var simulator = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await App.StartAsync(simulator);
        using var admin = await app.SignInAsync();
        await AppFixture.ConfigureAsync(app, admin, simulator);
        var body = Unique();
        using var client = app.Anonymous();
        await client.DeliverAsync(body, Payload.Sign(body, Secret));

        await app.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync("ALTER TABLE webhook_deliveries RENAME TO away"));
        var broken = await client.DeliverAsync(body, Payload.Sign(body, Secret));
        await app.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync("ALTER TABLE away RENAME TO webhook_deliveries"));
        var repaired = await client.DeliverAsync(body, Payload.Sign(body, Secret));

        Assert.Equal((503, "delivery_not_stored", true), (broken.Status, broken.Code, broken.Headers.ContainsKey("Retry-After")));
        Assert.Equal(200, repaired.Status);
        Assert.Equal(2, await app.InDatabaseAsync(db => db.WebhookDeliveries.CountAsync()));
    }

    private static byte[] Unique() => Payload.Text("hello", Some.Unique("m_web"), pageId: "404");

    private Task<bool> IsStoredAsync(byte[] body) => fixture.App.InDatabaseAsync(db => db.WebhookDeliveries.AnyAsync(d => d.Payload == body));

    private Task<WebhookDelivery> UntilProcessedAsync(byte[] body) => Until.Found(
        () => fixture.App.InDatabaseAsync(db => db.WebhookDeliveries.AsNoTracking().FirstAsync(d => d.Payload == body)),
        d => d.State is not WebhookDeliveryState.Pending, "the delivery is processed");

    /// <summary>Does not tell its length beforehand.</summary>
    private sealed class Chunked(byte[] bytes) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            for (var at = 0; at < bytes.Length; at += 65536) await stream.WriteAsync(bytes.AsMemory(at, Math.Min(65536, bytes.Length - at)), TestContext.Current.CancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
            return false;
        }
    }
}
