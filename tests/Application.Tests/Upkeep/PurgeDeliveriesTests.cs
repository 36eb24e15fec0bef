using MetaMessaging.Application.Upkeep;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Upkeep;

public class PurgeDeliveriesTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task What_was_dealt_with_goes_after_thirty_days_and_what_waits_stays_however_old()
    {
        await Given(Done(EventOutcomeKind.Processed));
        await Given(Done(EventOutcomeKind.Ignored));
        await Given(Done(EventOutcomeKind.Failed));
        var waiting = await Given(new WebhookDelivery("{}"u8.ToArray(), Clock.Now));
        Clock.Advance(TimeSpan.FromMinutes(1));
        var younger = await Given(Done(EventOutcomeKind.Processed));

        Clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromMinutes(1));
        await Send(new PurgeDeliveries());
        Assert.Equal(5, await Count(db => db.WebhookDeliveries));

        Clock.Advance(TimeSpan.FromSeconds(1));
        await Send(new PurgeDeliveries());

        Assert.Equal([waiting.Id, younger.Id], (await Rows(db => db.WebhookDeliveries.OrderBy(d => d.Id))).Select(d => d.Id));
        Assert.Empty(Jobs.Scheduled);
    }

    [Fact]
    public async Task Much_goes_in_chunks_with_a_breath_between()
    {
        await Change(db => { for (var i = 0; i < 1500; i++) db.WebhookDeliveries.Add(Done(EventOutcomeKind.Processed)); return Task.CompletedTask; });
        Clock.Advance(TimeSpan.FromDays(31));

        await Send(new PurgeDeliveries());

        Assert.Equal(500, await Count(db => db.WebhookDeliveries));
        var (job, at) = Assert.Single(Jobs.Scheduled);
        Assert.True(job is PurgeDeliveries && at > Clock.Now);
        await Send(job);
        Assert.Equal(0, await Count(db => db.WebhookDeliveries));
    }

    [Fact]
    public async Task What_waits_for_a_message_and_receipts_go_when_Meta_no_longer_repeats_itself()
    {
        var conversation = await Given(Some.Conversation());
        await Given(Parked(conversation.Connection, "m_old"));
        await Given(new Receipt(conversation, ReceiptKind.Read, Clock.Now, Clock.Now));
        Clock.Advance(TimeSpan.FromDays(8));
        var young = await Given(Parked(conversation.Connection, "m_young"));
        var recent = await Given(new Receipt(conversation, ReceiptKind.Read, Clock.Now, Clock.Now));

        await Send(new PurgeDeliveries());

        Assert.Equal([young.Id], (await Rows(db => db.ParkedEvents)).Select(p => p.Id));
        Assert.Equal([recent.Id], (await Rows(db => db.Receipts)).Select(r => r.Id));
    }

    [Fact]
    public async Task Counters_and_replays_of_that_time_go_with_them()
    {
        await RefusedAsync(new RefusedSignatures(Clock.Now, 3, Clock.Now));
        await Given(new DeliveryReplay(Some.OrganizationId, "Maria", Clock.Now));
        Clock.Advance(TimeSpan.FromDays(31));
        await RefusedAsync(new RefusedSignatures(Clock.Now, 5, Clock.Now));

        await Send(new PurgeDeliveries());

        Assert.Equal(5, (await Row(db => db.RefusedSignatures)).Count);
        Assert.Equal(0, await Count(db => db.DeliveryReplays));
    }

    private WebhookDelivery Done(EventOutcomeKind kind)
    {
        var delivery = new WebhookDelivery("{}"u8.ToArray(), Clock.Now);
        delivery.Finish("page", [new EventOutcome(kind, "x")], Clock.Now);
        return delivery;
    }

    private ParkedEvent Parked(Domain.Connections.PageConnection connection, string mid) =>
        new(connection, Channel.FacebookMessenger, mid, Some.Psid, "Reaction", "{}", mid, Clock.Now, Clock.Now);

    private Task RefusedAsync(RefusedSignatures hour) => Change(db =>
    {
        db.RefusedSignatures.Add(hour);
        return Task.CompletedTask;
    });
}
