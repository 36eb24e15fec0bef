using System.Text;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Infrastructure.Inbound;
using MetaMessaging.Infrastructure.Persistence;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Infrastructure.Tests.Inbound;

public sealed class InboundWorkerTests
{
    [Fact]
    public async Task Deliveries_are_worked_off_in_the_order_they_came()
    {
        await using var workshop = await StartAsync();

        await workshop.DeliverAsync([.. Enumerable.Range(0, 50).Select(i => Payload.Text($"text {i}", $"m_{i}", at: 1760000000000 + i))]);
        await workshop.UntilWorkedOffAsync();

        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"text {i}"), await workshop.TextsAsync());
    }

    [Fact]
    public async Task One_delivery_may_hold_a_thousand_events()
    {
        await using var workshop = await StartAsync();
        var events = Enumerable.Range(0, 1000).Select(i =>
            $$$"""{"sender":{"id":"{{{7000 + i % 40}}}"},"recipient":{"id":"{{{Some.PageId}}}"},"timestamp":{{{1760000000000 + i}}},"message":{"mid":"m_{{{i}}}","text":"{{{i}}}"}}""");

        await workshop.DeliverAsync(Payload.Event(Some.PageId, 1760000000000, [.. events]));
        var delivery = Assert.Single(await workshop.UntilWorkedOffAsync());

        Assert.Equal((WebhookDeliveryState.Processed, 1000, 0), (delivery.State, delivery.EventCount, delivery.FailedEvents));
        Assert.Equal(1000, await workshop.InDatabaseAsync(db => db.Messages.CountAsync()));
        Assert.Equal(40, await workshop.InDatabaseAsync(db => db.Conversations.CountAsync()));
        Assert.All(await workshop.InDatabaseAsync(db => db.Conversations.ToListAsync()), c => Assert.Equal(25, c.InboundCount));
    }

    [Fact]
    public async Task A_poisonous_event_harms_itself_only()
    {
        await using var workshop = await StartAsync();
        await workshop.ExecuteAsync("CREATE TRIGGER poison BEFORE INSERT ON messages WHEN NEW.text = 'poison' BEGIN SELECT RAISE(ABORT, 'poisoned'); END");
        var mixed = Payload.Event(Some.PageId, 1760000000000,
            Event("m_1", "before"), Event("m_2", "poison"), Event("m_3", "after"));

        await workshop.DeliverAsync(Payload.Text("other delivery before", "m_0"), mixed, Payload.Text("other delivery after", "m_4"));
        var deliveries = await workshop.UntilWorkedOffAsync();

        Assert.Equal(["other delivery before", "before", "after", "other delivery after"], await workshop.TextsAsync());
        Assert.Equal([WebhookDeliveryState.Processed, WebhookDeliveryState.Failed, WebhookDeliveryState.Processed], deliveries.Select(d => d.State));
        Assert.Equal((3, 1), (deliveries[1].EventCount, deliveries[1].FailedEvents));
        Assert.Contains("poisoned", deliveries[1].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_poisonous_event_takes_effect_once_its_cause_is_gone_and_it_is_replayed()
    {
        await using var workshop = await StartAsync();
        await workshop.ExecuteAsync("CREATE TRIGGER poison BEFORE INSERT ON messages WHEN NEW.text = 'poison' BEGIN SELECT RAISE(ABORT, 'poisoned'); END");
        await workshop.DeliverAsync(Payload.Event(Some.PageId, 1760000000000, Event("m_1", "good"), Event("m_2", "poison")));
        await workshop.UntilWorkedOffAsync();

        await workshop.ExecuteAsync("DROP TRIGGER poison");
        await ReplayAllAsync(workshop);
        var delivery = Assert.Single(await workshop.UntilWorkedOffAsync());

        Assert.Equal(["good", "poison"], await workshop.TextsAsync());
        Assert.Equal((WebhookDeliveryState.Processed, 0, (string?)null), (delivery.State, delivery.FailedEvents, delivery.Error));
    }

    [Fact]
    public async Task Replaying_any_number_of_times_changes_nothing()
    {
        await using var workshop = await StartAsync();
        await workshop.DeliverAsync(Payload.Messenger("message-text"), Payload.Messenger("message-images-multiple"), Payload.Messenger("echo-text-other-app"), Payload.Messenger("read"));
        await workshop.UntilWorkedOffAsync();
        var before = await StateAsync(workshop);

        for (var i = 0; i < 3; i++)
        {
            await ReplayAllAsync(workshop);
            await workshop.UntilWorkedOffAsync();
        }

        Assert.Equal(before, await StateAsync(workshop));
    }

    [Fact]
    public async Task A_body_that_is_not_what_meta_documents_is_kept_as_failed_beside_good_ones()
    {
        await using var workshop = await StartAsync();

        await workshop.DeliverAsync(
            Payload.Text("first", "m_1"), Encoding.UTF8.GetBytes("no json"), Encoding.UTF8.GetBytes("42"), [0xff, 0xfe],
            Encoding.UTF8.GetBytes(new string('[', 100_000)), Payload.Text("last", "m_2"));
        var deliveries = await workshop.UntilWorkedOffAsync();

        Assert.Equal(["first", "last"], await workshop.TextsAsync());
        Assert.All(deliveries[1..5], d => Assert.Equal((WebhookDeliveryState.Failed, true), (d.State, d.Error is { Length: > 0 })));
    }

    [Theory]
    [InlineData("m_garbled")]
    [InlineData("message")]
    [InlineData("timestamp")]
    public async Task Bytes_that_are_no_text_stop_nobody(string where)
    {
        await using var workshop = await StartAsync();
        var garbled = Payload.Text("garbled", "m_garbled");
        garbled[garbled.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(where)) + 2] = 0x87;

        await workshop.DeliverAsync(garbled, Payload.Text("good", "m_good"));
        await workshop.UntilWorkedOffAsync();

        Assert.Contains("good", await workshop.TextsAsync());
    }

    [Fact]
    public async Task While_the_database_is_in_trouble_nothing_is_marked_and_all_is_done_later()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.AddAsync(Some.SampleConnection());
        await workshop.DeliverAsync(Payload.Text("hello", "m_1"));
        var log = new CountingLogger<InboundWorker>();
        workshop.Services.Use("Data Source=/nowhere/at/all.db");

        await workshop.RunAsync(new InboundWorker(workshop.Services, workshop.Signal, workshop.Load, workshop.NewLeases(), TimeProvider.System, log));
        await Until.True(() => log.Errors > 0, "the pump has noticed");
        workshop.Services.Use($"Data Source={workshop.File}");
        var delivery = Assert.Single(await workshop.UntilWorkedOffAsync());

        Assert.Equal(["hello"], await workshop.TextsAsync());
        Assert.Equal((WebhookDeliveryState.Processed, 1), (delivery.State, delivery.Attempts));
    }

    [Fact]
    public async Task Deliveries_from_before_the_start_are_worked_off()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.AddAsync(Some.SampleConnection());
        await workshop.DeliverAsync(Payload.Text("from before", "m_1"));

        await workshop.RunAsync(workshop.NewPump());
        await workshop.UntilWorkedOffAsync();

        Assert.Equal(["from before"], await workshop.TextsAsync());
    }

    [Fact]
    public async Task Enrichment_is_asked_for_after_the_commit_only()
    {
        await using var workshop = await StartAsync();

        await workshop.DeliverAsync(Payload.Messenger("message-image"));
        await workshop.UntilWorkedOffAsync();
        await Until.True(() => workshop.Fakes.Jobs.Enqueued.Count == 2, "both jobs are enqueued");

        Assert.Equal(["DownloadAttachment", "EnrichContact"], workshop.Fakes.Jobs.Enqueued.Select(j => j.GetType().Name).Order());
    }

    [Fact]
    public async Task Of_several_pumps_one_works_and_another_takes_over_when_it_stops()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.AddAsync(Some.SampleConnection());
        var (leases, pump) = await StartNodeAsync(workshop);
        var (otherLeases, _) = await StartNodeAsync(workshop);
        await workshop.DeliverAsync(Payload.Text("first", "m_1"));
        await workshop.UntilWorkedOffAsync();
        var holder = await leases.HoldAsync("inbound-pump", TestContext.Current.CancellationToken) ? leases : otherLeases;

        await pump.StopAsync(CancellationToken.None);
        await leases.StopAsync(CancellationToken.None);
        await workshop.DeliverAsync(Payload.Text("second", "m_2"));
        await workshop.UntilWorkedOffAsync();

        Assert.Same(leases, holder);
        Assert.Equal(["first", "second"], await workshop.TextsAsync());
        Assert.True(await otherLeases.HoldAsync("inbound-pump", TestContext.Current.CancellationToken));

        static async Task<(Leases, InboundWorker)> StartNodeAsync(Workshop workshop)
        {
            var leases = await workshop.RunAsync(workshop.NewLeases());
            await leases.HoldAsync("inbound-pump", TestContext.Current.CancellationToken);
            return (leases, await workshop.RunAsync(new InboundWorker(
                workshop.Services, workshop.Signal, workshop.Load, leases, TimeProvider.System, new CountingLogger<InboundWorker>())));
        }
    }

    [Fact]
    public async Task A_node_that_was_only_slow_cannot_commit_what_another_does_now()
    {
        await using var workshop = await Workshop.OpenAsync();
        await workshop.AddAsync(Some.SampleConnection());
        var slow = workshop.NewLeases();
        await slow.HoldAsync("inbound-pump", TestContext.Current.CancellationToken);
        await workshop.ExecuteAsync("UPDATE leases SET owner = 'another', token = token + 1, expires_at = '2999-01-01 00:00:00'");
        await workshop.DeliverAsync(Payload.Text("hello", "m_1"));
        var log = new CountingLogger<InboundWorker>();

        await workshop.RunAsync(new InboundWorker(workshop.Services, workshop.Signal, workshop.Load, slow, TimeProvider.System, log));
        await Until.True(async () => !await slow.HoldAsync("inbound-pump", TestContext.Current.CancellationToken), "the slow node has noticed");

        Assert.Empty(await workshop.TextsAsync());
        Assert.Equal(1, await workshop.InDatabaseAsync(db => db.WebhookDeliveries.CountAsync(d => d.State == WebhookDeliveryState.Pending)));
        Assert.Equal(0, log.Errors);
    }

    private static async Task<Workshop> StartAsync()
    {
        var workshop = await Workshop.OpenAsync();
        await workshop.AddAsync(Some.SampleConnection());
        await workshop.RunAsync(workshop.NewPump());
        return workshop;
    }

    private static async Task ReplayAllAsync(Workshop workshop)
    {
        await workshop.InDatabaseAsync(async db =>
        {
            foreach (var delivery in await db.WebhookDeliveries.ToListAsync()) delivery.Replay();
            return await db.SaveChangesAsync();
        });
        workshop.Signal.Set();
    }

    private static async Task<string> StateAsync(Workshop workshop)
    {
        var messages = await workshop.InDatabaseAsync(db => db.Messages.OrderBy(m => m.Id)
            .Select(m => $"{m.Id} {m.ExternalId} {m.Status} {m.Text} {m.Attachments.Count}").ToListAsync());
        var conversations = await workshop.InDatabaseAsync(db => db.Conversations.OrderBy(c => c.Id)
            .Select(c => $"{c.Id} {c.InboundCount} {c.SeenCount} {c.LastMessagePreview} {c.ReadUpTo}").ToListAsync());
        var contacts = await workshop.InDatabaseAsync(db => db.Contacts.CountAsync());
        return string.Join('\n', [.. messages, .. conversations, contacts.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
    }

    private static string Event(string mid, string text) =>
        $$$"""{"sender":{"id":"{{{Some.Psid}}}"},"recipient":{"id":"{{{Some.PageId}}}"},"timestamp":1760000000001,"message":{"mid":"{{{mid}}}","text":"{{{text}}}"}}""";
}
