using MetaMessaging.Application.Inbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Inbound;

public class PurgeDeliveriesTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Finished_deliveries_are_deleted_after_thirty_days_and_pending_ones_never()
    {
        await Given(Finished(EventOutcomeKind.Processed));
        await Given(Finished(EventOutcomeKind.Ignored));
        await Given(Finished(EventOutcomeKind.Failed));
        var pending = await Given(new WebhookDelivery("{}"u8.ToArray(), Clock.Now));
        Clock.Advance(TimeSpan.FromMinutes(1));
        var laterDelivery = await Given(Finished(EventOutcomeKind.Processed));

        Clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromMinutes(1));
        await Send(new PurgeDeliveries());
        Assert.Equal(5, await Count(db => db.WebhookDeliveries));

        Clock.Advance(TimeSpan.FromSeconds(1));
        await Send(new PurgeDeliveries());

        Assert.Equal([pending.Id, laterDelivery.Id], (await Rows(db => db.WebhookDeliveries.OrderBy(d => d.Id))).Select(d => d.Id));
        Assert.Empty(Jobs.Scheduled);
    }

    [Fact]
    public async Task Many_deliveries_are_deleted_in_one_run()
    {
        await Change(db =>
        {
            for (var i = 0; i < 1500; i++) db.WebhookDeliveries.Add(Finished(EventOutcomeKind.Processed));
            return Task.CompletedTask;
        });
        Clock.Advance(TimeSpan.FromDays(31));

        await Send(new PurgeDeliveries());

        Assert.Equal(0, await Count(db => db.WebhookDeliveries));
        Assert.Empty(Jobs.Scheduled);
    }

    [Fact]
    public async Task Parked_events_and_receipts_are_deleted_when_Meta_no_longer_repeats_deliveries()
    {
        var conversation = await Given(Some.Conversation());
        await Given(Parked(conversation.Connection, "m_old"));
        await Given(new Receipt(conversation, ReceiptKind.Read, Clock.Now, Clock.Now));
        Clock.Advance(TimeSpan.FromDays(8));
        var laterParked = await Given(Parked(conversation.Connection, "m_recent"));
        var laterReceipt = await Given(new Receipt(conversation, ReceiptKind.Read, Clock.Now, Clock.Now));

        await Send(new PurgeDeliveries());

        Assert.Equal([laterParked.Id], (await Rows(db => db.ParkedEvents)).Select(p => p.Id));
        Assert.Equal([laterReceipt.Id], (await Rows(db => db.Receipts)).Select(r => r.Id));
    }

    [Fact]
    public async Task Counts_of_refused_signatures_and_replays_are_deleted_with_the_deliveries_of_their_time()
    {
        await AddRefusedAsync(new RefusedSignatures(Clock.Now, 3, Clock.Now));
        await Given(new DeliveryReplay(Some.OrganizationId, "Maria", Clock.Now));
        Clock.Advance(TimeSpan.FromDays(31));
        await AddRefusedAsync(new RefusedSignatures(Clock.Now, 5, Clock.Now));

        await Send(new PurgeDeliveries());

        Assert.Equal(5, (await Row(db => db.RefusedSignatures)).Count);
        Assert.Equal(0, await Count(db => db.DeliveryReplays));
    }

    private WebhookDelivery Finished(EventOutcomeKind kind)
    {
        var delivery = new WebhookDelivery("{}"u8.ToArray(), Clock.Now);
        delivery.Finish("page", [new EventOutcome(kind, "x")], Clock.Now);
        return delivery;
    }

    private ParkedEvent Parked(PageConnection connection, string mid) =>
        new(connection, Channel.FacebookMessenger, mid, Some.Psid, "Reaction", "{}", mid, Clock.Now, Clock.Now);

    private Task AddRefusedAsync(RefusedSignatures hour) => Change(db =>
    {
        db.RefusedSignatures.Add(hour);
        return Task.CompletedTask;
    });
}
