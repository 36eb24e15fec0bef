using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>backup, restore, migrate and check, as an operator runs them.</summary>
public sealed class UpkeepCommandTests
{
    private const string Peter = "7654321098765432";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_backup_under_load_restores_to_everything_that_was_acknowledged_before_it()
    {
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        await app.ConnectPageAsync();
        await meta.Control.WriteAsync(Peter, new { attachments = new[] { new { type = "image", sample = "cup.jpg" } } });
        await Until.True(() => HasPictureAsync(app), Limit, () => app.Log);
        var acknowledged = new ConcurrentQueue<string>();
        using var load = new CancellationTokenSource();
        var posting = PostUntilAsync(app, acknowledged, load.Token);
        await Until.True(() => Task.FromResult(acknowledged.Count >= 200), Limit, () => app.Log);

        var before = acknowledged.ToList();
        var backup = await app.RunCommandAsync("backup", "backup");
        await load.CancelAsync();
        await posting;
        Assert.Equal((0, ""), (backup.ExitCode, backup.Error));
        await using var restored = AppProcess.Create(meta);
        var restore = await restored.RunCommandAsync("restore", app.PathOf("backup"));
        Assert.Equal((0, ""), (restore.ExitCode, restore.Error));
        await app.KillAsync();   // one installation at a time has the Page
        await restored.StartAgainAsync();
        await Until.True(() => NothingPendingAsync(restored), Limit, () => restored.Log);

        var mids = (await restored.MessagesAsync()).Select(m => m["externalId"]!.GetValue<string>()).ToList();
        Assert.Empty(before.Except(mids));
        Assert.Equal(mids.Distinct().Count(), mids.Count);
        Assert.True(await HasPictureAsync(restored));
        var check = await restored.RunCommandAsync("check");
        Assert.Equal((0, ""), (check.ExitCode, check.Error));
    }

    [Fact]
    public async Task What_waited_to_be_sent_when_the_backup_was_made_is_not_sent_by_the_restored_app()
    {
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        await app.ConnectPageAsync();
        await meta.Control.WriteAsync(Peter, "Hello?");
        var conversationId = await app.ConversationOfAsync("facebookMessenger");
        await meta.Control.PlanFaultAsync(new { operation = "send", code = 2, isTransient = true, times = 100 });
        using var accepted = await app.Http.PostAsJsonAsync(
            "api/messaging/send", new { conversationId, text = "Hello" }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.Equal(0, (await app.RunCommandAsync("backup", "backup")).ExitCode);
        await meta.Control.ClearFaultsAsync();
        await Until.True(async () => (await LastAsync(app, conversationId))["status"]!.GetValue<string>() is "sent", Limit, () => app.Log);
        await app.KillAsync();

        await using var restored = AppProcess.Create(meta);
        Assert.Contains(": 1.", (await restored.RunCommandAsync("restore", app.PathOf("backup"))).Output, StringComparison.Ordinal);
        await restored.StartAgainAsync();

        var message = await LastAsync(restored, conversationId);
        Assert.Equal("failed", message["status"]!.GetValue<string>());
        Assert.Contains("may have been sent", message["error"]!["title"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Single(await meta.Control.GetAcceptedAsync(Peter));
    }

    [Fact]
    public async Task A_check_finds_lost_keys_missing_files_and_a_wrong_app_secret()
    {
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = await AppProcess.StartAsync(meta);
        await app.ConnectPageAsync();
        await meta.Control.WriteAsync(Peter, new { attachments = new[] { new { type = "image", sample = "cup.jpg" } } });
        await Until.True(() => HasPictureAsync(app), Limit, () => app.Log);
        Assert.Equal(0, (await app.RunCommandAsync("check")).ExitCode);

        Directory.Move(app.PathOf("data/keys"), app.PathOf("data/lost-keys"));
        await AssertWrongAsync(app, "Keys");
        Assert.False(Directory.Exists(app.PathOf("data/keys")));   // a check creates nothing
        Directory.Move(app.PathOf("data/lost-keys"), app.PathOf("data/keys"));

        foreach (var file in Directory.EnumerateFiles(app.PathOf("data/media"), "*", SearchOption.AllDirectories)) File.Delete(file);
        await AssertWrongAsync(app, "Media");

        using var saved = await app.Http.PutAsJsonAsync("api/admin/system-config", new
        {
            metaMessagingAppId = "123456789012345", metaMessagingAppSecret = "wrong", metaMessagingVerifyToken = "token",
        }, TestContext.Current.CancellationToken);
        saved.EnsureSuccessStatusCode();
        await AssertWrongAsync(app, "Media", "Meta");
    }

    [Fact]
    public async Task Without_a_database_a_check_says_so_and_creates_nothing_and_migrate_creates_it()
    {
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = AppProcess.Create(meta);

        await AssertWrongAsync(app, "Database");
        Assert.False(File.Exists(app.DatabaseFile));
        Assert.Equal(0, (await app.RunCommandAsync("migrate")).ExitCode);

        Assert.True(File.Exists(app.DatabaseFile));
        await File.WriteAllTextAsync(app.DatabaseFile, "no database any more", TestContext.Current.CancellationToken);
        await AssertWrongAsync(app, "Database");
    }

    [Fact]
    public async Task Neither_a_backup_nor_a_restore_replaces_anything()
    {
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var app = AppProcess.Create(meta);
        Assert.Equal(0, (await app.RunCommandAsync("migrate")).ExitCode);
        Assert.Equal(0, (await app.RunCommandAsync("backup", "backup")).ExitCode);

        await AssertRefusedAsync(app, "is not empty", "backup", "backup");
        await AssertRefusedAsync(app, "lies within", "backup", "data/keys/backup");
        await AssertRefusedAsync(app, "exists", "restore", "backup");
        await AssertRefusedAsync(app, "not a complete backup", "restore", "data");
        await AssertRefusedAsync(app, "is no command", "bakcup", "backup");
        await AssertRefusedAsync(app, "needs a folder", "backup");
        await AssertRefusedAsync(app, "'folder' is not expected", "backup", "my", "folder");
        await using var other = AppProcess.Create(meta);
        await File.AppendAllTextAsync(app.PathOf("backup/metamessaging.db"), "damaged", TestContext.Current.CancellationToken);
        await AssertRefusedAsync(other, "changed or damaged", "restore", app.PathOf("backup"));
        Assert.False(File.Exists(other.DatabaseFile));
    }

    private static async Task AssertWrongAsync(AppProcess app, params string[] parts)
    {
        var check = await app.RunCommandAsync("check");
        Assert.Equal(1, check.ExitCode);
        var wrong = check.Output.Split('\n').Where(line => line.StartsWith("wrong", StringComparison.Ordinal));
        Assert.Equal(parts, wrong.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
    }

    private static async Task AssertRefusedAsync(AppProcess app, string reason, params string[] command)
    {
        var refused = await app.RunCommandAsync(command);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(reason, Assert.Single(refused.Error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    private static async Task<bool> HasPictureAsync(AppProcess app) =>
        (await app.MessagesAsync()).SelectMany(m => m["attachments"]!.AsArray())
            .Any(a => a!["state"]!.GetValue<string>() == "available" && a["size"] is not null);

    private static async Task<JsonNode> LastAsync(AppProcess app, long conversationId) =>
        (await app.GetAsync($"api/conversations/{conversationId}/messages?limit=1"))["items"]![0]!;

    private static async Task<bool> NothingPendingAsync(AppProcess app) =>
        (await app.GetAsync("api/ops/webhook-deliveries?state=pending&limit=1"))["items"]!.AsArray().Count == 0;

    private static async Task PostUntilAsync(AppProcess app, ConcurrentQueue<string> acknowledged, CancellationToken stopped)
    {
        using var http = new HttpClient();
        for (var number = 0; !stopped.IsCancellationRequested; number++)
        {
            var mid = $"m_{number}";
            var body = Deliveries.Of(new SentText($"70000000000000{number % 20:00}", mid, $"Message {number}"));
            if (await Deliveries.TryPostAsync(http, app.Webhook, body)) acknowledged.Enqueue(mid);
        }
    }
}
