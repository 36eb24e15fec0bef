using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.Data.Sqlite;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>SIGTERM: what has begun ends, what is acknowledged is stored, and the process exits with 0 within 30 s.</summary>
public sealed class GracefulStopTests
{
    private const string Peter = "7654321098765432";

    private static readonly TimeSpan MaxStop = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task While_it_stops_every_request_is_answered_and_what_was_acknowledged_is_stored()
    {
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta, new Dictionary<string, string?> { ["Shutdown__Delay"] = "00:00:02" });
        await app.ConnectPageAsync();

        // As a proxy does: eight connections that are kept, until readiness says that this node takes no more.
        using var notReady = new CancellationTokenSource();
        var acknowledged = new ConcurrentBag<int>();
        var failures = new ConcurrentBag<string>();
        var number = 0;
        var load = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            using var http = new HttpClient();
            while (!notReady.IsCancellationRequested)
            {
                var next = Interlocked.Increment(ref number);
                var body = Deliveries.Of(new SentText($"70000000000000{next % 50:00}", $"m_{next}", $"Message {next}"));
                if (await Deliveries.PostAsync(http, app.Webhook, body) is { } failure) failures.Add(failure);
                else acknowledged.Add(next);
            }
        })).ToList();
        await Until.True(() => Task.FromResult(acknowledged.Count > 500), TimeSpan.FromSeconds(30), () => app.Log);

        var (stopping, began) = (app.StopAsync(), Stopwatch.GetTimestamp());
        var answer = "";
        await Until.True(
            async () => (answer = await ReadinessAsync(app)) == "503 Unhealthy: The app is being stopped. Retry after 5 s",
            TimeSpan.FromSeconds(2), () => $"{answer}\n{app.Log}");
        await notReady.CancelAsync();
        await Task.WhenAll(load);

        Assert.Equal(0, await stopping);
        AssertWithinTime(began);
        Assert.Empty(failures);
        Assert.Equal(acknowledged.Count, await CountAsync(app, "SELECT count(*) FROM webhook_deliveries"));
        Assert.Equal(0, await CountAsync(app, "SELECT count(*) FROM nodes"));
    }

    [Fact]
    public async Task A_request_whose_body_is_still_arriving_is_answered()
    {
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        const string body = $$"""{"email":"{{AppProcess.AdminEmail}}","password":"{{AppProcess.AdminPassword}}"}""";
        using var client = new TcpClient();
        await client.ConnectAsync(app.BaseAddress.Host, app.BaseAddress.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        var head = "POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head + body[..10]), TestContext.Current.CancellationToken);
        using var http = new HttpClient();

        var stopping = app.StopAsync();
        await Until.True(
            async () =>
            {
                try
                {
                    using var answer = await http.GetAsync(new Uri(app.BaseAddress, "health/live"));
                    return false;
                }
                catch (HttpRequestException)
                {
                    return true;
                }
            },
            TimeSpan.FromSeconds(10), () => app.Log);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(body[10..]), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);

        Assert.Equal("HTTP/1.1 200 OK", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await stopping);
    }

    [Fact]
    public async Task A_send_in_progress_gets_its_outcome_and_the_request_that_waits_for_it_its_answer()
    {
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        await app.ConnectPageAsync();
        await meta.Control.WriteAsync(Peter, "Hello?");
        var conversationId = await app.ConversationOfAsync("facebookMessenger");
        await meta.Control.ConfigureAsync(new { behaviour = new { latencyMs = 3000 } });

        using var request = new HttpRequestMessage(HttpMethod.Post, "api/messaging/send")
        {
            Content = JsonContent.Create(new { conversationId, text = "One moment, please" }), Headers = { { "Prefer", "wait=30" } },
        };
        var waiting = app.Http.SendAsync(request, TestContext.Current.CancellationToken);
        await Until.True(
            async () => await CountAsync(app, "SELECT count(*) FROM messages WHERE status = 'Sending'") == 1,
            TimeSpan.FromSeconds(10), () => app.Log);
        var exitCode = await app.StopAsync();

        using var answer = await waiting;
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(0, exitCode);
        Assert.Equal(1, await CountAsync(app, "SELECT count(*) FROM messages WHERE status = 'Sent' AND external_id IS NOT NULL"));
        Assert.Single(await meta.Control.GetAcceptedAsync(Peter));
    }

    [Fact]
    public async Task It_ends_although_Meta_does_not_answer_and_browsers_keep_their_connections()
    {
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        await app.ConnectPageAsync();
        await meta.Control.WriteAsync(Peter, "Hello?");
        var conversationId = await app.ConversationOfAsync("facebookMessenger");
        await meta.Control.ConfigureAsync(new { behaviour = new { latencyMs = 60_000 } });
        using var accepted = await app.Http.PostAsJsonAsync(
            "api/messaging/send", new { conversationId, text = "Hello" }, TestContext.Current.CancellationToken);
        await Until.True(
            async () => await CountAsync(app, "SELECT count(*) FROM messages WHERE status = 'Sending'") == 1,
            TimeSpan.FromSeconds(10), () => app.Log);
        using var socket = await OpenSocketAsync(app);
        using var polling = new HttpClient { BaseAddress = app.BaseAddress };
        polling.DefaultRequestHeaders.Authorization = app.Http.DefaultRequestHeaders.Authorization;
        var poll = await BeginLongPollAsync(polling);
        using var upload = await BeginUploadAsync(app);

        var began = Stopwatch.GetTimestamp();
        var exitCode = await app.StopAsync();

        Assert.Equal(0, exitCode);
        AssertWithinTime(began);
        Assert.Equal(0, await CountAsync(app, "SELECT count(*) FROM nodes"));   // its leases are free
        Assert.Equal(1, await CountAsync(app, "SELECT count(*) FROM messages WHERE direction = 'Outbound' AND status = 'Sending'"));
        Assert.DoesNotContain("Unhandled exception", app.Log, StringComparison.Ordinal);
        await Task.WhenAny(poll, Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken));
    }

    /// <summary>A newer node has added what only a newer version knows.</summary>
    [Fact]
    public async Task A_running_node_works_on_after_a_newer_one_has_migrated_and_cannot_be_started_again()
    {
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        await app.ConnectPageAsync();
        await meta.Control.WriteAsync(Peter, "Before");
        var conversationId = await app.ConversationOfAsync("facebookMessenger");

        await using (var connection = await OpenAsync(app))
        {
            await using var migration = connection.CreateCommand();
            migration.CommandText = """
                PRAGMA busy_timeout = 4000;
                BEGIN IMMEDIATE;
                ALTER TABLE messages ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
                ALTER TABLE webhook_deliveries ADD COLUMN source TEXT NULL;
                ALTER TABLE conversations ADD COLUMN topic TEXT NULL;
                CREATE INDEX ix_messages_priority ON messages (priority);
                CREATE TABLE labels (id INTEGER PRIMARY KEY, message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE);
                INSERT INTO "__EFMigrationsHistory" VALUES ('20990101000000_Labels', '10.0.14');
                COMMIT;
                """;
            await migration.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await meta.Control.WriteAsync(Peter, "After");
        using var accepted = await app.Http.PostAsJsonAsync(
            "api/messaging/send", new { conversationId, text = "Still here" }, TestContext.Current.CancellationToken);
        await Until.True(
            async () => await CountAsync(app, "SELECT count(*) FROM messages WHERE text = 'After' OR status IN ('Sent', 'Delivered')") == 2,
            TimeSpan.FromSeconds(20), () => app.Log);
        Assert.StartsWith("200", await ReadinessAsync(app), StringComparison.Ordinal);
        Assert.Equal(0, await app.StopAsync());
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(app.StartAgainAsync);
        Assert.Contains("its migration 20990101000000_Labels is unknown to this one", refused.Message, StringComparison.Ordinal);
    }

    private static void AssertWithinTime(long began) =>
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, MaxStop * Deadline.Slowdown);

    private static async Task<string> ReadinessAsync(AppProcess app)
    {
        using var answer = await app.Http.GetAsync("health/ready");
        var wait = answer.Headers.RetryAfter?.Delta is { } delta ? $" Retry after {delta.TotalSeconds} s" : "";
        return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}{wait}";
    }

    /// <summary>As the back office's pages hold it.</summary>
    private static async Task<ClientWebSocket> OpenSocketAsync(AppProcess app)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", app.Http.DefaultRequestHeaders.Authorization!.ToString());
        var address = new UriBuilder(new Uri(app.BaseAddress, "hubs/inbox")) { Scheme = "ws" };
        await socket.ConnectAsync(address.Uri, TestContext.Current.CancellationToken);
        await socket.SendAsync(
            Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e"), WebSocketMessageType.Text, true,
            TestContext.Current.CancellationToken);
        var answer = new byte[100];
        await socket.ReceiveAsync(answer, TestContext.Current.CancellationToken);
        return socket;
    }

    private static async Task<Task> BeginLongPollAsync(HttpClient http)
    {
        using var negotiated = await http.PostAsync("hubs/inbox/negotiate?negotiateVersion=1", null);
        var id = (await negotiated.Content.ReadFromJsonAsync<JsonNode>())!["connectionToken"]!.GetValue<string>();
        using var first = await http.GetAsync($"hubs/inbox?id={id}");
        using var handshake = await http.PostAsync(
            $"hubs/inbox?id={id}", new StringContent("{\"protocol\":\"json\",\"version\":1}\u001e"));
        using var answer = await http.GetAsync($"hubs/inbox?id={id}");
        return http.GetAsync($"hubs/inbox?id={id}");
    }

    /// <summary>A client that has sent the beginning of a file and then nothing.</summary>
    private static async Task<TcpClient> BeginUploadAsync(AppProcess app)
    {
        var client = new TcpClient();
        await client.ConnectAsync("localhost", app.BaseAddress.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
                POST /api/attachments HTTP/1.1
                Host: localhost:{app.BaseAddress.Port}
                Authorization: {app.Http.DefaultRequestHeaders.Authorization}
                Content-Type: multipart/form-data; boundary=b
                Content-Length: 100000

                --b

                """).ReplaceLineEndings("\r\n")),
            TestContext.Current.CancellationToken);
        return client;
    }

    private static async Task<SqliteConnection> OpenAsync(AppProcess app)
    {
        var connection = new SqliteConnection($"Data Source={app.DatabaseFile};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    private static async Task<long> CountAsync(AppProcess app, string sql)
    {
        await using var connection = await OpenAsync(app);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written by the tests themselves.
        command.CommandText = sql;
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
