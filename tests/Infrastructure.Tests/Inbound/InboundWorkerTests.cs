using System.Text;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Infrastructure.Inbound;
using MetaMessaging.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Infrastructure.Tests.Inbound;

public sealed class InboundWorkerTests
{
    [Fact]
    public async Task Deliveries_are_processed_in_the_order_they_were_stored()
    {
        await using var host = await StartAsync();

        await host.DeliverAsync([.. Enumerable.Range(0, 50).Select(i => Payload.Text($"text {i}", $"m_{i}", at: 1760000000000 + i))]);
        await host.UntilProcessedAsync();

        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"text {i}"), await host.TextsAsync());
    }

    [Fact]
    public async Task A_delivery_with_a_thousand_events_is_processed()
    {
        await using var host = await StartAsync();
        var events = Enumerable.Range(0, 1000).Select(i =>
            Payload.Item("message", $$"""{"mid":"m_{{i}}","text":"{{i}}"}""", sender: $"{7000 + i % 40}", at: 1760000000000 + i));

        await host.DeliverAsync(Payload.Event(Some.PageId, 1760000000000, [.. events]));
        var delivery = Assert.Single(await host.UntilProcessedAsync());

        Assert.Equal((WebhookDeliveryState.Processed, 1000, 0), (delivery.State, delivery.EventCount, delivery.FailedEvents));
        Assert.Equal(1000, await host.InDatabaseAsync(db => db.Messages.CountAsync()));
        Assert.Equal(40, await host.InDatabaseAsync(db => db.Conversations.CountAsync()));
        Assert.All(await host.InDatabaseAsync(db => db.Conversations.ToListAsync()), c => Assert.Equal(25, c.InboundCount));
    }

    [Fact]
    public async Task An_event_that_cannot_be_saved_fails_alone()
    {
        await using var host = await StartAsync();
        await host.ExecuteAsync(
            "CREATE TRIGGER poison BEFORE INSERT ON messages WHEN NEW.text = 'poison' BEGIN SELECT RAISE(ABORT, 'poisoned'); END");
        var mixed = Payload.Event(Some.PageId, 1760000000000,
            Event("m_1", "before"), Event("m_2", "poison"), Event("m_3", "after"));

        await host.DeliverAsync(Payload.Text("other delivery before", "m_0"), mixed, Payload.Text("other delivery after", "m_4"));
        var deliveries = await host.UntilProcessedAsync();

        Assert.Equal(["other delivery before", "before", "after", "other delivery after"], await host.TextsAsync());
        Assert.Equal(
            [WebhookDeliveryState.Processed, WebhookDeliveryState.Failed, WebhookDeliveryState.Processed],
            deliveries.Select(d => d.State));
        Assert.Equal((3, 1), (deliveries[1].EventCount, deliveries[1].FailedEvents));
        Assert.Contains("poisoned", deliveries[1].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_event_is_applied_when_it_is_replayed_after_its_cause_is_gone()
    {
        await using var host = await StartAsync();
        await host.ExecuteAsync(
            "CREATE TRIGGER poison BEFORE INSERT ON messages WHEN NEW.text = 'poison' BEGIN SELECT RAISE(ABORT, 'poisoned'); END");
        await host.DeliverAsync(Payload.Event(Some.PageId, 1760000000000, Event("m_1", "good"), Event("m_2", "poison")));
        await host.UntilProcessedAsync();

        await host.ExecuteAsync("DROP TRIGGER poison");
        await ReplayAllAsync(host);
        var delivery = Assert.Single(await host.UntilProcessedAsync());

        Assert.Equal(["good", "poison"], await host.TextsAsync());
        Assert.Equal((WebhookDeliveryState.Processed, 0, (string?)null), (delivery.State, delivery.FailedEvents, delivery.Error));
    }

    [Fact]
    public async Task Replaying_deliveries_several_times_changes_nothing()
    {
        await using var host = await StartAsync();
        await host.DeliverAsync(
            Payload.Messenger("message-text"),
            Payload.Messenger("message-images-multiple"),
            Payload.Messenger("echo-text-other-app"),
            Payload.Messenger("read"));
        await host.UntilProcessedAsync();
        var before = await StateAsync(host);

        for (var i = 0; i < 3; i++)
        {
            await ReplayAllAsync(host);
            await host.UntilProcessedAsync();
        }

        Assert.Equal(before, await StateAsync(host));
    }

    [Fact]
    public async Task A_body_that_cannot_be_parsed_fails_without_affecting_other_deliveries()
    {
        await using var host = await StartAsync();

        await host.DeliverAsync(
            Payload.Text("first", "m_1"), Encoding.UTF8.GetBytes("no json"), Encoding.UTF8.GetBytes("42"), [0xff, 0xfe],
            Encoding.UTF8.GetBytes(new string('[', 100_000)), Payload.Text("last", "m_2"));
        var deliveries = await host.UntilProcessedAsync();

        Assert.Equal(["first", "last"], await host.TextsAsync());
        Assert.All(deliveries[1..5], d => Assert.Equal((WebhookDeliveryState.Failed, true), (d.State, d.Error is { Length: > 0 })));
    }

    [Theory]
    [InlineData("m_garbled")]
    [InlineData("message")]
    [InlineData("timestamp")]
    public async Task Invalid_UTF8_does_not_stop_other_deliveries(string where)
    {
        await using var host = await StartAsync();
        var garbled = Payload.Text("garbled", "m_garbled");
        garbled[garbled.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(where)) + 2] = 0x87;

        await host.DeliverAsync(garbled, Payload.Text("good", "m_good"));
        await host.UntilProcessedAsync();

        Assert.Contains("good", await host.TextsAsync());
    }

    [Fact]
    public Task While_the_database_fails_no_delivery_is_marked_and_all_are_processed_later() => AssertProcessedAfterAsync(host =>
    {
        host.Services.Use("Data Source=/nowhere/at/all.db");
        return () => host.Services.Use($"Data Source={host.File}");
    });

    [Fact]
    public Task While_another_process_holds_the_database_no_event_is_marked_failed() => AssertProcessedAfterAsync(host =>
    {
        var other = new SqliteConnection($"Data Source={host.File};Pooling=False");
        other.Open();
        other.BeginTransaction(deferred: false);
        return other.Dispose;
    });

    [Fact]
    public async Task Deliveries_stored_before_the_start_are_processed()
    {
        await using var host = await WorkerHost.OpenAsync();
        await host.AddAsync(Some.SampleConnection());
        await host.DeliverAsync(Payload.Text("from before", "m_1"));

        await host.RunNodeAsync();
        await host.UntilProcessedAsync();

        Assert.Equal(["from before"], await host.TextsAsync());
    }

    [Fact]
    public async Task Jobs_are_enqueued_after_the_commit()
    {
        await using var host = await StartAsync();

        await host.DeliverAsync(Payload.Messenger("message-image"));
        await host.UntilProcessedAsync();
        await Until.True(() => host.Fakes.Jobs.Enqueued.Count == 2, "both jobs are enqueued");

        Assert.Equal(["DownloadAttachment", "EnrichContact"], host.Fakes.Jobs.Enqueued.Select(j => j.GetType().Name).Order());
    }

    [Fact]
    public async Task Each_node_processes_the_partitions_it_holds_and_takes_over_the_others_when_their_node_stops()
    {
        await using var host = await WorkerHost.OpenAsync();
        var (one, other) = (host.NewNode(), host.NewNode());
        foreach (var node in new[] { one, other, one, other }) await node.BeatAsync();
        await host.RunNodeAsync(one);
        var accounts = Enumerable.Range(0, 40).Select(number => $"9000{number:00}").ToList();
        await host.AddAsync([.. accounts.Select(id => Some.Connection(pageId: id))]);

        await host.DeliverAsync([.. accounts.Select(id => Payload.Text(id, $"m_{id}", pageId: id))]);
        var own = accounts.Where(id => one.Partitions.Contains(PartitionOf(id))).ToList();
        await Until.True(async () => (await host.TextsAsync()).Count >= own.Count, "the node has processed its share");
        Assert.Equal<string?>(own, await host.TextsAsync());
        Assert.InRange(own.Count, 1, accounts.Count - 1);

        await other.Heartbeat.StopAsync(CancellationToken.None);
        await host.UntilProcessedAsync();
        Assert.Equal<string?>(accounts, (await host.TextsAsync()).Order());
    }

    /// <summary>Such a delivery is in the partition of its first account, so both nodes work on the same conversations at once.</summary>
    [Fact]
    public async Task Events_of_deliveries_with_several_accounts_are_applied_once_by_two_nodes()
    {
        await using var host = await WorkerHost.OpenAsync();
        var nodes = new[] { host.NewNode(), host.NewNode() };
        foreach (var node in nodes.Concat(nodes)) await node.BeatAsync();
        var pages = nodes.Select(PageOf).ToList();
        await host.AddAsync([.. pages.Select(id => Some.Connection(pageId: id))]);

        var numbers = Enumerable.Range(0, 150).ToList();
        await host.AddAsync([.. numbers.SelectMany(number => new[]
        {
            Delivery(number, pages[0], pages[1]), Delivery(number, pages[1], pages[0]), Delivery(number, pages[number % 2]),
        })]);
        foreach (var node in nodes) await host.RunNodeAsync(node);
        var deliveries = await host.UntilProcessedAsync();

        Assert.All(deliveries, delivery => Assert.Equal((WebhookDeliveryState.Processed, 0), (delivery.State, delivery.FailedEvents)));
        var conversations = await host.InDatabaseAsync(db => db.Conversations.Include(c => c.Connection).ToListAsync());
        Assert.Equal(pages.Order(), conversations.Select(c => c.Connection.PageId).Order());
        foreach (var conversation in conversations)
        {
            var texts = await host.InDatabaseAsync(db => db.Messages.Where(m => m.ConversationId == conversation.Id)
                .OrderBy(m => m.OccurredAt).Select(m => m.Text).ToListAsync());
            Assert.Equal(numbers.Select(number => $"{number}"), texts);
            Assert.Equal((numbers.Count, "149"), (conversation.InboundCount, conversation.LastMessagePreview));
        }

        static string PageOf(TestNode node) =>
            Enumerable.Range(0, 100).Select(number => $"9000{number:00}").First(id => node.Partitions.Contains(PartitionOf(id)));
    }

    [Fact]
    public async Task A_node_that_lost_a_lease_cannot_commit()
    {
        await using var host = await WorkerHost.OpenAsync();
        await host.AddAsync(Some.SampleConnection());
        var slow = host.NewNode();
        await slow.BeatAsync();
        await host.ExecuteAsync("UPDATE leases SET owner = 'another', expires_at = datetime('now', '+15 seconds')");
        await host.ExecuteAsync(
            "INSERT INTO nodes VALUES ('another', 'elsewhere', '', 1, '', datetime('now'), datetime('now', '+5 seconds'))");
        await host.DeliverAsync(Payload.Text("hello", "m_1"));
        var log = new CountingLogger<InboundWorker>();

        await host.RunNodeAsync(slow, log);
        await Until.True(() => slow.Leases.Held().Count == 0, "the slow node has lost the leases");

        Assert.Empty(await host.TextsAsync());
        Assert.Equal(1, await host.InDatabaseAsync(db => db.WebhookDeliveries.CountAsync(d => d.State == WebhookDeliveryState.Pending)));
        Assert.Equal(0, log.Errors);
    }

    /// <param name="fail">Lets the database fail, and returns how that ends.</param>
    private static async Task AssertProcessedAfterAsync(Func<WorkerHost, Action> fail)
    {
        await using var host = await WorkerHost.OpenAsync();
        await host.AddAsync(Some.SampleConnection());
        await host.DeliverAsync(Payload.Text("hello", "m_1"));
        var log = new CountingLogger<InboundWorker>();
        var node = host.NewNode();
        await node.BeatAsync();

        var end = fail(host);
        await host.RunNodeAsync(node, log);
        await Until.True(() => log.Errors > 0, "the worker has logged the failure");
        end();
        var delivery = Assert.Single(await host.UntilProcessedAsync());

        Assert.Equal(["hello"], await host.TextsAsync());
        Assert.Equal((WebhookDeliveryState.Processed, 1, 0), (delivery.State, delivery.Attempts, delivery.FailedEvents));
    }

    private static async Task<WorkerHost> StartAsync()
    {
        var host = await WorkerHost.OpenAsync();
        await host.AddAsync(Some.SampleConnection());
        await host.RunNodeAsync();
        return host;
    }

    private static async Task ReplayAllAsync(WorkerHost host)
    {
        await host.InDatabaseAsync(async db =>
        {
            foreach (var delivery in await db.WebhookDeliveries.ToListAsync()) delivery.Replay();
            return await db.SaveChangesAsync();
        });
        host.WakeUp.Set();
    }

    private static async Task<string> StateAsync(WorkerHost host)
    {
        var messages = await host.InDatabaseAsync(db => db.Messages.OrderBy(m => m.Id)
            .Select(m => $"{m.Id} {m.ExternalId} {m.Status} {m.Text} {m.Attachments.Count}").ToListAsync());
        var conversations = await host.InDatabaseAsync(db => db.Conversations.OrderBy(c => c.Id)
            .Select(c => $"{c.Id} {c.InboundCount} {c.SeenCount} {c.LastMessagePreview} {c.ReadUpTo}").ToListAsync());
        var contacts = await host.InDatabaseAsync(db => db.Contacts.CountAsync());
        return string.Join('\n', [.. messages, .. conversations, contacts.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
    }

    private static int PartitionOf(string pageId) => DeliveryPartition.Of(Payload.Text("", "m", pageId: pageId));

    /// <summary>Of one message to each Page.</summary>
    private static WebhookDelivery Delivery(int number, params string[] pageIds)
    {
        var at = 1760000000000 + number;
        var entries = pageIds.Select(page =>
        {
            var message = $$"""{"mid":"m_{{page}}_{{number}}","text":"{{number}}"}""";
            return $$"""{"id":"{{page}}","time":{{at}},"messaging":[{{Payload.Item("message", message, recipient: page, at: at)}}]}""";
        });
        return new WebhookDelivery(
            Encoding.UTF8.GetBytes($$"""{"object":"page","entry":[{{string.Join(',', entries)}}]}"""), MetaEvent.At(0));
    }

    private static string Event(string mid, string text) =>
        Payload.Item("message", $$"""{"mid":"{{mid}}","text":"{{text}}"}""");
}
