using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator;
using MetaMessaging.Testing;
using Microsoft.Data.Sqlite;

namespace MetaMessaging.EndToEnd.Tests;

/// <summary>
/// Every fault of sending in one run: two nodes on one database that are killed several times, and a Meta that does not answer, refuses,
/// drops connections before and after it accepted a message, limits the Page's rate and invalidates the token. In the end each row is true.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const int Customers = 50;

    /// <summary>METAMESSAGING_CHAOS_MESSAGES asks for more.</summary>
    private static readonly int Messages =
        int.TryParse(Environment.GetEnvironmentVariable("METAMESSAGING_CHAOS_MESSAGES"), out var count) ? count : 1_000;

    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(Messages / 10.0);

    /// <summary>Each lets some sends pass and then fails some; the plan is repeated for every thousand messages.</summary>
    private static readonly object[] PlannedFaults =
    [
        new { operation = "send", skip = 40, times = 4, dropConnection = true, when = "before" },
        new { operation = "send", skip = 20, times = 4, dropConnection = true, when = "after" },
        new { operation = "send", skip = 30, times = 4, httpStatus = 503, body = "<html>Sorry</html>", when = "before" },
        new { operation = "send", skip = 30, times = 4, httpStatus = 500, body = "<html>Sorry</html>", when = "after" },
        new { operation = "send", skip = 10, times = 3, code = 551, subcode = 1545041 },
        new { operation = "send", skip = 30, times = 3, code = 1, subcode = 1357046, when = "after" },
        new { operation = "send", skip = 20, times = 2, delayMs = 25_000, code = 2 },   // refused, after our time limit
        new { operation = "send", skip = 20, times = 2, delayMs = 25_000 },             // accepted, after our time limit
        new { operation = "send", skip = 20, times = 4, code = 2 },
        new { operation = "send", skip = 30, times = 2, code = 613 },
        new { operation = "conversations", times = 3, httpStatus = 500, body = "<html>Sorry</html>" },
    ];

    [Fact]
    public async Task Whatever_fails_each_message_is_sent_once_or_has_failed_and_its_row_says_which()
    {
        await using var meta = await Simulator.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var first = await AppProcess.StartAsync(meta);
        await first.ConnectPageAsync();
        await using var second = await first.StartSecondNodeAsync();
        await meta.Control.ConfigureAsync(new { behaviour = new { latencyMs = 50, timeScale = 30 } });
        var conversations = await BeginConversationsAsync(meta, first);
        for (var thousand = 0; thousand < Math.Max(1, Messages / 1000); thousand++)
        {
            foreach (var fault in PlannedFaults) await meta.Control.PlanFaultAsync(fault);
        }

        using var stop = new CancellationTokenSource();
        var reconnecting = ReconnectWhenNeededAsync(first, stop.Token);   // a message sent again has lost its place in the order
        var posting = PostAllAsync([first, second], conversations);
        await KillAtAsync(first, 0.15, first);
        await KillAtAsync(first, 0.35, second);
        await UntilSentAsync(first, 0.5);
        await meta.Control.InvalidateTokensAsync(463);
        await KillAtAsync(first, 0.7, first, second);
        await posting;
        await UntilAsync(
            () => Count(first, "status IN ('Queued', 'Sending') OR (status = 'Failed' AND error_class = 'Token')") == 0, first, second);
        await stop.CancelAsync();
        var sentAgain = await reconnecting;

        var accepted = await meta.Control.GetAcceptedAsync();
        AssertRowsMatchMeta(accepted, Rows(first));
        output.WriteLine(
            $"{Count(first, "attempts > 1")} needed several attempts; {sentAgain.Count} were retried by hand; refusals: {Refusals(first)}");
        Assert.All(
            accepted.Where(a => !sentAgain.Contains(a.Text!)).GroupBy(a => a.RecipientId, a => a.Text!),
            texts => Assert.Equal(texts.Order(StringComparer.Ordinal), texts));
    }

    private static async Task<List<long>> BeginConversationsAsync(Simulator meta, AppProcess app)
    {
        for (var n = 0; n < Customers; n++)
        {
            var customer = await meta.Control.CreateCustomerAsync(new { name = $"Customer {n}" });
            await meta.Control.WriteAsync(customer, "Hello?");
        }

        JsonArray items = [];
        await Until.True(
            async () =>
            {
                items = (await app.GetAsync("api/conversations?channel=facebookMessenger&limit=200"))["items"]!.AsArray();
                return items.Count == Customers;
            },
            TimeSpan.FromSeconds(30),
            () => app.Log);
        return [.. items.Select(c => c!["id"]!.GetValue<long>())];
    }

    /// <summary>
    /// Sends each conversation's messages in order, all conversations in parallel; repeats a send on the other node until it is accepted.
    /// </summary>
    private static Task PostAllAsync(AppProcess[] nodes, List<long> conversations) =>
        Task.WhenAll(conversations.Select(async (conversation, index) =>
    {
        for (var number = index; number < Messages; number += Customers)
        {
            for (var turn = number; !await TryPostAsync(nodes[turn % nodes.Length], conversation, number); turn++) await Task.Delay(100);
        }
    }));

    private static async Task<bool> TryPostAsync(AppProcess node, long conversationId, int number)
    {
        using var content = JsonContent.Create(new { conversationId, text = TextOf(number) });
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/messaging/send") { Content = content };
        request.Headers.Add("Idempotency-Key", TextOf(number));
        try
        {
            using var answer = await node.Http.SendAsync(request);
            return answer.StatusCode is HttpStatusCode.Accepted;
        }
        catch (HttpRequestException)
        {
            return false;   // it may have been accepted: the key makes it one message
        }
    }

    /// <summary>What people do about an invalid token: connect the Page again, and retry the messages that failed because of it.</summary>
    /// <returns>The texts of the messages that were sent again, behind those that were written after them.</returns>
    private static async Task<HashSet<string>> ReconnectWhenNeededAsync(AppProcess app, CancellationToken cancellationToken)
    {
        var sentAgain = new HashSet<string>();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var connection = (await app.GetAsync("api/integrations/meta/status"))["connections"]![0]!;
                if (connection["state"]!.GetValue<string>() == "reauthorizationRequired") await app.ConnectPageAsync();
                var failed = Rows(app).FindAll(r => r is { Status: "Failed", Class: "Token" });
                if (failed.Count > 0)
                {
                    sentAgain.UnionWith(failed.Select(r => r.Text));
                    using var answer = await app.Http.PostAsJsonAsync(
                        "api/messages/retry", new { ids = failed.Select(r => r.Id) }, CancellationToken.None);
                }
            }
            catch (HttpRequestException)
            {
                // The node was killed and is starting again.
            }

            await Task.Delay(500, CancellationToken.None);
        }

        return sentAgain;
    }

    private async Task KillAtAsync(AppProcess app, double share, params AppProcess[] nodes)
    {
        await UntilSentAsync(app, share);
        foreach (var node in nodes) await node.KillAsync();
        output.WriteLine($"Killed {nodes.Length} at {Count(app, "status IN ('Sent', 'Delivered', 'Read')")} sent.");
        foreach (var node in nodes) await node.StartAgainAsync();
    }

    private static Task UntilSentAsync(AppProcess app, double share) =>
        UntilAsync(() => Count(app, "status IN ('Sent', 'Delivered', 'Read')") >= Messages * share, app);

    private static Task UntilAsync(Func<bool> condition, params AppProcess[] nodes) =>
        Until.True(() => Task.FromResult(condition()), TimeLimit, () => string.Concat(nodes.Select(n => n.Log)));

    private void AssertRowsMatchMeta(IReadOnlyList<AcceptedByMeta> accepted, List<Row> rows)
    {
        var atMeta = accepted.ToLookup(a => a.Text!, a => a.Mid);
        Assert.Equal(Enumerable.Range(0, Messages).Select(TextOf), rows.Select(r => r.Text).Order(StringComparer.Ordinal));

        var (duplicates, mismatches) = (new List<string>(), new List<string>());
        foreach (var row in rows)
        {
            var mids = atMeta[row.Text].ToList();
            if (mids.Count > 1) duplicates.Add($"{row.Text}: {string.Join(", ", mids)}, {row}");
            else if (row.Status is "Failed" ? mids.Count > 0 : !mids.SequenceEqual([row.Mid!]))
                mismatches.Add($"{row}, at Meta {mids.Count}");
        }

        output.WriteLine(string.Join(", ", rows.GroupBy(r => r.Status).Select(g => $"{g.Count()} {g.Key}")));
        Assert.Empty(duplicates);
        Assert.Empty(mismatches);
        Assert.All(
            rows, r => Assert.True(r.Status is "Sent" or "Delivered" or "Read" || r is { Status: "Failed", Code: 551 }, r.ToString()));
    }

    private static List<Row> Rows(AppProcess app)
    {
        using var connection = Open(app);
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT id, text, status, external_id, error_class, error_code FROM messages WHERE direction = 'Outbound' ORDER BY id";
        using var reader = command.ExecuteReader();
        var rows = new List<Row>();
        while (reader.Read())
        {
            int? code = reader.IsDBNull(5) ? null : reader.GetInt32(5);
            rows.Add(new Row(reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader[3] as string, reader[4] as string, code));
        }

        return rows;
    }

    private static string Refusals(AppProcess app)
    {
        using var connection = Open(app);
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT count(*) || ' ' || class || coalesce(' ' || code, '') FROM send_refusals GROUP BY class, code ORDER BY 1";
        using var reader = command.ExecuteReader();
        var counts = new List<string>();
        while (reader.Read()) counts.Add(reader.GetString(0));
        return string.Join(", ", counts);
    }

    private static long Count(AppProcess app, string condition)
    {
        using var connection = Open(app);
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written by this class itself.
        command.CommandText = $"SELECT count(*) FROM messages WHERE direction = 'Outbound' AND ({condition})";
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }

    private static SqliteConnection Open(AppProcess app)
    {
        var connection = new SqliteConnection($"Data Source={app.DatabaseFile};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return connection;
    }

    private static string TextOf(int number) => $"Answer {number:000000}";

    private sealed record Row(long Id, string Text, string Status, string? Mid, string? Class, int? Code);
}
