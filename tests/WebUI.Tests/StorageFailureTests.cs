using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Serilog.Core;
using Serilog.Events;

namespace MetaMessaging.WebUI.Tests;

/// <summary>While nothing can be written every writing route says so soon, nothing is half done, and afterwards all is as before.</summary>
public sealed class StorageFailureTests(ConnectedPageFixture fixture) : IClassFixture<ConnectedPageFixture>
{
    private static readonly TimeSpan MaxAnswer = TimeSpan.FromSeconds(10);

    private App App => fixture.App;

    [Fact]
    public async Task While_another_process_has_locked_the_database_writing_routes_answer_503_in_time()
    {
        var (_, conversationId) = await fixture.CustomerAsync();
        var contactId = (long)(await fixture.Agent.GetAsync($"api/conversations/{conversationId}")).Json["contact"]!["id"]!;
        var dialog = await fixture.Agent.GetAsync("api/integrations/meta/oauth-url");
        var callback = await fixture.Agent.AnswerDialogAsync((string)dialog.Json["url"]!, [Some.PageId]);
        var before = await CountAsync();
        using var anonymous = App.Anonymous();
        var delivery = Payload.Text("hello", Some.Unique("m_locked"));

        List<(string Route, Answer Answer, TimeSpan Took)> answers;
        Answer ready;
        await using (var blocker = new SqliteConnection($"Data Source={App.DatabaseFile};Pooling=False"))
        {
            await blocker.OpenAsync(TestContext.Current.CancellationToken);
            await using var locked = blocker.BeginTransaction();
            var calls = new (string Route, Func<Task<Answer>> Call)[]
            {
                ("webhook", () => anonymous.DeliverAsync(delivery, Payload.Sign(delivery, SimulatorOptions.DefaultAppSecret))),
                ("send", () => fixture.Agent.PostAsync("api/messaging/send", new { conversationId, text = "Hello" })),
                ("send once", () => fixture.Agent.PostAsync(
                    "api/messaging/send", new { conversationId, text = "Hello" }, ("Idempotency-Key", "locked"))),
                ("upload", UploadAsync),
                ("read", () => fixture.Agent.PostAsync($"api/conversations/{conversationId}/read")),
                ("close", () => fixture.Agent.PatchAsync($"api/conversations/{conversationId}", new { status = "closed" })),
                ("rename", () => fixture.Agent.PatchAsync($"api/contacts/{contactId}", new { name = "Another" })),
                ("erase", () => fixture.Agent.DeleteAsync($"api/contacts/{contactId}")),
                ("canned reply", () => fixture.Agent.PostAsync("api/canned-replies", new { name = "A", shortcut = "locked", text = "B" })),
                ("API key", () => fixture.Agent.PostAsync("api/api-keys", new { name = "A", scopes = new[] { "ops" } })),
                ("replay", () => fixture.Agent.PostAsync("api/ops/webhook-deliveries/replay", new { state = "processed" })),
                ("config", () => fixture.Agent.PutAsync("api/admin/system-config", new
                {
                    metaMessagingAppId = "2", metaMessagingAppSecret = "other", metaMessagingVerifyToken = "other",
                })),
                ("dialog", () => fixture.Agent.GetAsync("api/integrations/meta/oauth-url")),
                ("wrong password", () => anonymous.PostAsync("api/auth/login", new { email = App.AdminEmail, password = "wrong" })),
            };
            answers = [.. await Task.WhenAll(calls.Select(call => MeasureAsync(call.Route, call.Call)))];
            ready = await anonymous.GetAsync("health/ready");
            Assert.Equal("/settings/integrations?meta_error=exchange_failed", await fixture.Agent.FinishAsync(callback));
        }

        Assert.All(answers, a => Assert.True(a.Answer is { Status: 503, Code: "storage_unavailable" }, $"{a.Route}: {a.Answer}"));
        Assert.All(answers, a => Assert.True(int.Parse(a.Answer.Headers["Retry-After"], CultureInfo.InvariantCulture) > 0));
        Assert.All(answers, a => Assert.True(a.Took < MaxAnswer * Deadline.Slowdown, $"{a.Route} took {a.Took}"));
        Assert.Equal((503, "Unhealthy: The database is locked."), (ready.Status, ready.Text));
        Assert.Equal(200, (await anonymous.GetAsync("health/live")).Status);
        await IsReadyAgainAsync(anonymous);
        Assert.Equal(before, await CountAsync());
        Assert.Equal(202, (await fixture.Agent.PostAsync("api/messaging/send", new { conversationId, text = "Hello" })).Status);
        Assert.Equal(200, (await anonymous.DeliverAsync(delivery, Payload.Sign(delivery, SimulatorOptions.DefaultAppSecret))).Status);
    }

    [Fact]
    public async Task While_the_database_is_locked_reading_goes_on()
    {
        using var software = App.Anonymous();
        software.AccessToken = (string)(await fixture.Agent.PostAsync(
            "api/api-keys", new { name = "Reader", scopes = new[] { "conversations:read" } })).Json["key"]!;
        await using var blocker = new SqliteConnection($"Data Source={App.DatabaseFile};Pooling=False");
        await blocker.OpenAsync(TestContext.Current.CancellationToken);
        await using var locked = blocker.BeginTransaction();

        Assert.Equal(200, (await fixture.Agent.GetAsync("api/conversations")).Status);
        Assert.Equal(200, (await fixture.Agent.GetAsync("inbox", ("Accept", "text/html"))).Status);
        Assert.Equal(200, (await software.GetAsync("api/conversations")).Status);
    }

    [Fact]
    public async Task A_form_that_cannot_be_saved_is_answered_by_a_page_that_says_why()
    {
        await using var blocker = new SqliteConnection($"Data Source={App.DatabaseFile};Pooling=False");
        await blocker.OpenAsync(TestContext.Current.CancellationToken);
        await using var locked = blocker.BeginTransaction();
        using var browser = App.Anonymous(cookies: true);
        var form = await browser.GetAsync("account/login", ("Accept", "text/html"));

        var answer = await browser.SendAsync(
            HttpMethod.Post, "account/login",
            new FormUrlEncodedContent([
                new("Email", App.AdminEmail), new("Password", "wrong"), new("__RequestVerificationToken", form.AntiforgeryToken),
            ]),
            ("Accept", "text/html"));

        Assert.Equal((503, "text/html"), (answer.Status, answer.ContentType));
        Assert.Contains("The database is locked.", answer.Text, StringComparison.Ordinal);
        Assert.True(answer.Headers.ContainsKey("Retry-After"));
    }

    [Fact]
    public async Task On_a_full_disk_nothing_is_stored_and_readiness_says_so()
    {
        var disk = new FullDisk();
        await using var app = await App.StartAsync(services: registered =>
            registered.ConfigureDbContext<SqliteAppDbContext>(options => options.AddInterceptors(disk)));
        using var admin = await app.SignInAsync();
        await admin.PutAsync("api/admin/system-config", new
        {
            metaMessagingAppId = "1", metaMessagingAppSecret = SimulatorOptions.DefaultAppSecret, metaMessagingVerifyToken = "token",
        });
        var body = new byte[1024 * 1024];
        var signature = Payload.Sign(body, SimulatorOptions.DefaultAppSecret);

        disk.IsFull = true;
        var refused = await admin.DeliverAsync(body, signature);
        var ready = await admin.GetAsync("health/ready");
        disk.IsFull = false;

        Assert.Equal((503, "storage_unavailable"), (refused.Status, refused.Code));
        Assert.Equal((503, "Unhealthy: The disk is full."), (ready.Status, ready.Text));
        Assert.Equal(0, await app.InDatabaseAsync(db => db.WebhookDeliveries.CountAsync()));
        await IsReadyAgainAsync(admin);
        Assert.Equal(200, (await admin.DeliverAsync(body, signature)).Status);
    }

    [Fact]
    public async Task A_request_that_cannot_be_saved_is_logged_in_one_line_without_a_stack_trace()
    {
        var (disk, log) = (new FullDisk(), new Log());
        await using var app = await App.StartAsync(services: registered => registered.AddSingleton<ILogEventSink>(log)
            .ConfigureDbContext<SqliteAppDbContext>(options => options.AddInterceptors(disk)));
        using var admin = await app.SignInAsync();
        await admin.PutAsync("api/admin/system-config", new
        {
            metaMessagingAppId = "1", metaMessagingAppSecret = SimulatorOptions.DefaultAppSecret, metaMessagingVerifyToken = "token",
        });
        var body = new byte[1024 * 1024];

        log.Events.Clear();
        disk.IsFull = true;
        Assert.Equal(503, (await admin.DeliverAsync(body, Payload.Sign(body, SimulatorOptions.DefaultAppSecret))).Status);
        var saved = 0;   // as long as rows fit into pages that the file has already
        var reply = new { name = "A", text = new string('a', 2000) };
        while ((await admin.PostAsync("api/canned-replies", new { reply.name, reply.text, shortcut = $"r{saved}" })).Status is 201) saved++;
        disk.IsFull = false;

        Assert.Equal(
            [
                "Warning: POST /integrations/meta-messaging/webhook is answered 503: SQLite Error 13: 'database or disk is full'.",
                "Warning: POST /api/canned-replies is answered 503: SQLite Error 13: 'database or disk is full'.",
            ],
            log.Events.Select(e => $"{e.Level}: {e.RenderMessage(CultureInfo.InvariantCulture)}{e.Exception}".Replace("\"", "")));
    }

    [Fact]
    public async Task An_upload_that_cannot_be_written_leaves_nothing_behind()
    {
        await using var app = await App.StartAsync();
        using var admin = await app.SignInAsync();
        await File.WriteAllTextAsync(
            Path.Combine(app.Folder.Path, "media", ".incoming"), "no folder", TestContext.Current.CancellationToken);

        var answer = await UploadAsync(admin);

        Assert.Equal((503, "storage_unavailable"), (answer.Status, answer.Code));
        Assert.Equal(0, await app.InDatabaseAsync(db => db.MessageAttachments.CountAsync()));
    }

    [Fact]
    public async Task Without_the_folder_of_media_readiness_says_so()
    {
        await using var app = await App.StartAsync();
        using var client = app.Anonymous();
        var media = Path.Combine(app.Folder.Path, "media");

        Directory.Delete(media, recursive: true);
        await Until.True(
            async () => await client.GetAsync("health/ready") is { Status: 503, Text: "Unhealthy: The folder of media does not exist." },
            "readiness says that the folder is gone");

        Directory.CreateDirectory(media);
        await IsReadyAgainAsync(client);
    }

    private Task<Answer> UploadAsync() => UploadAsync(fixture.Agent);

    private static Task<Answer> UploadAsync(ApiClient client)
    {
        var type = new MediaTypeHeaderValue("application/pdf");
        var file = new ByteArrayContent("%PDF-1.7 price list"u8.ToArray()) { Headers = { ContentType = type } };
        return client.SendAsync(HttpMethod.Post, "api/attachments", new MultipartFormDataContent { { file, "file", "list.pdf" } });
    }

    private static async Task<(string, Answer, TimeSpan)> MeasureAsync(string route, Func<Task<Answer>> call)
    {
        var started = Stopwatch.GetTimestamp();
        var answer = await call();
        return (route, answer, Stopwatch.GetElapsedTime(started));
    }

    private static Task IsReadyAgainAsync(ApiClient client) =>
        Until.True(async () => (await client.GetAsync("health/ready")).Status is 200, "the app is ready again");

    private Task<(int, int, int, int, int, int, int)> CountAsync() => App.InDatabaseAsync(async db => (
        await db.Messages.CountAsync(), await db.MessageAttachments.CountAsync(), await db.Contacts.CountAsync(),
        await db.CannedReplies.CountAsync(), await db.ApiKeys.CountAsync(), await db.DeliveryReplays.CountAsync(),
        await db.OAuthStates.CountAsync()));

    /// <summary>Warnings and errors of the requests.</summary>
    private sealed class Log : ILogEventSink
    {
        public ConcurrentQueue<LogEvent> Events { get; } = [];

        public void Emit(LogEvent logEvent)
        {
            // Workers may meet the full disk as well.
            var isOfRequest = logEvent.Properties.GetValueOrDefault("SourceContext")?.ToString() is { } source
                && (source.Contains("Microsoft.", StringComparison.Ordinal)
                    || source.Contains("WebUI", StringComparison.Ordinal)
                    || source.Contains("GroupCommitWriter", StringComparison.Ordinal));
            if (isOfRequest && logEvent.Level >= LogEventLevel.Warning) Events.Enqueue(logEvent);
        }
    }

    /// <summary>SQLite's own limit of pages, which it reports as a full disk.</summary>
    private sealed class FullDisk : DbConnectionInterceptor
    {
        public volatile bool IsFull;

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Limit(connection);

        public override Task ConnectionOpenedAsync(
            DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Limit(connection);
            return Task.CompletedTask;
        }

        private void Limit(DbConnection connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = IsFull ? "PRAGMA max_page_count=1" : "PRAGMA max_page_count=1073741823";   // never below the present size
            command.ExecuteNonQuery();
        }
    }
}
