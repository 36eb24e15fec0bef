using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
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

    public static TheoryData<string> Vectors =>
        [.. JsonNode.Parse(Payload.Vectors)!["webhook_signatures"]!.AsArray().Select(v => (string)v!["name"]!)];

    [Theory]
    [MemberData(nameof(Vectors))]
    public async Task The_signatures_of_the_test_vectors_are_accepted_and_the_bytes_stored(string name)
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
    public async Task A_wrong_signature_is_refused(string description, string? kind)
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

        Assert.True(answer.Status is 403, $"{description}: {answer}");
        Assert.Equal("invalid_signature", answer.Code);
        Assert.DoesNotContain(right["sha256=".Length..], answer.Text, StringComparison.OrdinalIgnoreCase);
        Assert.False(await IsStoredAsync(body));
    }

    [Fact]
    public async Task While_the_database_is_blocked_the_queue_fills_and_further_deliveries_get_503_at_once()
    {
        await using var app = await App.StartAsync();
        using var admin = await app.SignInAsync();
        await admin.PutAsync(
            "api/admin/system-config",
            new { metaMessagingAppId = "1", metaMessagingAppSecret = Secret, metaMessagingVerifyToken = "token" });
        using var client = app.Anonymous();
        var body = new byte[4 * 1024 * 1024];
        var signature = Payload.Sign(body, Secret);
        await using var blocker = new SqliteConnection($"Data Source={app.DatabaseFile};Pooling=False");
        await blocker.OpenAsync(TestContext.Current.CancellationToken);
        var blocked = blocker.BeginTransaction();

        // 70 deliveries of 4 MB are a few more than the queue holds.
        var posted = Enumerable.Range(0, 70).Select(_ => client.DeliverAsync(body, signature)).ToList();
        var first = await await Task.WhenAny(posted);

        Assert.Equal((503, "delivery_not_stored"), (first.Status, first.Code));
        Assert.InRange(posted.Count(p => p.IsCompleted), 1, 10);   // the others wait for their commit
        await blocked.DisposeAsync();
        var answers = await Task.WhenAll(posted);
        Assert.Contains(answers, a => a.Status is 200);
        Assert.All(answers, a => Assert.True(a.Status is 200 or 503, a.ToString()));
    }

    [Fact]
    public async Task The_sha1_header_alone_is_refused()
    {
        var body = Unique();

        var answer = await meta.SendAsync(
            HttpMethod.Post, Address, new ByteArrayContent(body), ("X-Hub-Signature", "sha1=" + new string('0', 40)));

        Assert.Equal(403, answer.Status);
    }

    [Fact]
    public async Task Two_signature_headers_are_refused()
    {
        var body = Unique();
        var right = Payload.Sign(body, Secret);

        Assert.Equal(
            403,
            (await meta.SendAsync(
                HttpMethod.Post,
                Address,
                new ByteArrayContent(body),
                ("X-Hub-Signature-256", right),
                ("X-Hub-Signature-256", right))).Status);
        Assert.Equal(403, (await meta.DeliverAsync(body, $"{right}, {right}")).Status);
    }

    [Fact]
    public async Task A_body_that_was_reformatted_on_the_way_is_refused()
    {
        var body = Encoding.UTF8.GetBytes("""{"object":"page","entry":[],"t":"\u00e4\/"}""");
        var signature = Payload.Sign(body, Secret);
        var rewritten = Encoding.UTF8.GetBytes(JsonNode.Parse(body)!.ToJsonString());

        Assert.Equal(403, (await meta.DeliverAsync(rewritten, signature)).Status);
        Assert.Equal(403, (await meta.DeliverAsync([.. body, (byte)'\n'], signature)).Status);
        Assert.Equal(403, (await meta.DeliverAsync([0xEF, 0xBB, 0xBF, .. body], signature)).Status);
    }

    [Fact]
    public async Task A_delivery_that_is_too_large_is_413_with_and_without_a_content_length()
    {
        var body = new byte[4 * 1024 * 1024 + 1];
        var signature = Payload.Sign(body, Secret);

        Assert.Equal(413, (await meta.DeliverAsync(body, signature)).Status);
        Assert.Equal(413, (await meta.SendAsync(HttpMethod.Post, Address, new Chunked(body), ("X-Hub-Signature-256", signature))).Status);
    }

    [Fact]
    public async Task A_chunked_delivery_of_the_maximum_size_is_accepted()
    {
        var text = new string(' ', 4 * 1024 * 1024 - 4096);   // Kestrel counts the framing of the chunks as well
        var body = Encoding.UTF8.GetBytes("{" + text + "}");

        Assert.Equal(
            200,
            (await meta.SendAsync(
                HttpMethod.Post, Address, new Chunked(body), ("X-Hub-Signature-256", Payload.Sign(body, Secret)))).Status);
    }

    [Fact]
    public async Task Without_an_app_secret_deliveries_get_503()
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
    public async Task While_the_database_is_unavailable_deliveries_get_503_and_afterwards_200()
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

    private Task<bool> IsStoredAsync(byte[] body) =>
        fixture.App.InDatabaseAsync(db => db.WebhookDeliveries.AnyAsync(d => d.Payload == body));

    /// <summary>Content without a length, so it is sent in chunks.</summary>
    private sealed class Chunked(byte[] bytes) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            foreach (var chunk in bytes.Chunk(65536)) await stream.WriteAsync(chunk, TestContext.Current.CancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
            return false;
        }
    }
}
