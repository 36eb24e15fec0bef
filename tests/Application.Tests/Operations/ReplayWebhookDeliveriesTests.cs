using FluentValidation;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Operations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Operations;

public class ReplayWebhookDeliveriesTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Deliveries_named_by_id_are_pending_again_and_the_worker_is_woken()
    {
        var (failed, processed, left) = (await Given(Done(fails: true)), await Given(Done()), await Given(Done(fails: true)));

        var replay = await Send(new ReplayWebhookDeliveries([failed.Id, processed.Id, failed.Id, 999_999]));

        Assert.Equal((2, 2, 0), (replay.Count, replay.Pending, replay.Failed));
        Assert.Equal("Maria Lind", replay.RequestedBy);
        Assert.Equal([failed.Id, processed.Id], await PendingAsync());
        Assert.Equal(WebhookDeliveryState.Failed, (await Row(db => db.WebhookDeliveries.Where(d => d.Id == left.Id))).State);
        Assert.True(Inbox.Woken > 0);
    }

    [Fact]
    public async Task Only_the_failed_deliveries_of_a_time_span_are_pending_again()
    {
        await Given(Done(fails: true));
        Clock.Advance(TimeSpan.FromHours(1));
        var begin = Clock.Now;
        var wanted = await Given(Done(fails: true));
        await Given(Done());
        Clock.Advance(TimeSpan.FromHours(1));
        var end = Clock.Now;
        await Given(Done(fails: true));

        var replay = await Send(new ReplayWebhookDeliveries(State: WebhookDeliveryState.Failed, From: begin, To: end));

        Assert.Equal(1, replay.Count);
        Assert.Equal([wanted.Id], await PendingAsync());
    }

    [Fact]
    public async Task Replays_of_more_than_one_chunk_are_complete()
    {
        await Change(db => { for (var i = 0; i < 1203; i++) db.WebhookDeliveries.Add(Done(fails: true)); return Task.CompletedTask; });

        var replay = await Send(new ReplayWebhookDeliveries(State: WebhookDeliveryState.Failed));

        Assert.Equal((1203, 1203), (replay.Count, replay.Pending));
    }

    [Fact]
    public async Task Progress_is_counted_from_the_deliveries()
    {
        var (one, two, three) = (await Given(Done(fails: true)), await Given(Done(fails: true)), await Given(Done(fails: true)));
        var replay = await Send(new ReplayWebhookDeliveries(State: WebhookDeliveryState.Failed));
        await FinishAsync(one.Id, Ours);
        await FinishAsync(two.Id, Ours with { Kind = EventOutcomeKind.Failed });

        var half = await Send(new GetReplay(replay.Id));
        Assert.Equal((3, 1, 1), (half.Count, half.Pending, half.Failed));
        Assert.Equal([replay.Id], (await Send(new ListReplays())).Select(r => r.Id));

        await FinishAsync(three.Id, Ours);

        Assert.Equal(
            (3, 0, 1),
            (
                (await Send(new GetReplay(replay.Id))).Count,
                (await Send(new GetReplay(replay.Id))).Pending,
                (await Send(new GetReplay(replay.Id))).Failed));
        Assert.Empty(await Send(new ListReplays()));
        Assert.Equal([replay.Id], (await Send(new ListReplays(replay.Id))).Select(r => r.Id));
    }

    [Fact]
    public async Task Deliveries_and_replays_of_another_organization_are_neither_changed_nor_shown()
    {
        var theirs = await Given(Done(fails: true, organizationId: Some.OtherOrganizationId));
        var unassigned = await Given(Done(fails: true, organizationId: null));

        var replay = await Send(new ReplayWebhookDeliveries([theirs.Id, unassigned.Id]));
        var all = await Send(new ReplayWebhookDeliveries(State: WebhookDeliveryState.Failed));

        Assert.Equal((0, 0), (replay.Count, all.Count));
        Assert.Empty(await PendingAsync());
        await Assert.ThrowsAsync<NotFoundException>(() => SendAs(Some.OtherOrganizationId, new GetReplay(replay.Id)));
        Assert.Empty(await SendAs(Some.OtherOrganizationId, new ListReplays(replay.Id)));
    }

    [Fact]
    public async Task A_system_administrator_replays_deliveries_of_all_organizations()
    {
        Caller.IsSystemAdmin = true;
        await Given(Done(fails: true, organizationId: Some.OtherOrganizationId));
        await Given(Done(fails: true, organizationId: null));

        var replay = await Send(new ReplayWebhookDeliveries(State: WebhookDeliveryState.Failed));

        Assert.Equal(2, replay.Count);
        Caller.IsSystemAdmin = false;
        await Assert.ThrowsAsync<NotFoundException>(() => Send(new GetReplay(replay.Id)));
    }

    [Fact]
    public async Task A_replay_needs_either_ids_or_a_state()
    {
        await Assert.ThrowsAsync<ValidationException>(() => Send(new ReplayWebhookDeliveries()));
        await Assert.ThrowsAsync<ValidationException>(() => Send(new ReplayWebhookDeliveries([])));
        await Assert.ThrowsAsync<ValidationException>(() => Send(new ReplayWebhookDeliveries([1], WebhookDeliveryState.Failed)));
        await Assert.ThrowsAsync<ValidationException>(() => Send(new ReplayWebhookDeliveries(State: WebhookDeliveryState.Pending)));
        await Assert.ThrowsAsync<ValidationException>(
            () => Send(new ReplayWebhookDeliveries([.. Enumerable.Range(1, 1001).Select(id => (long)id)])));
    }

    private static EventOutcome Ours => EventOutcome.Processed with { OrganizationId = Some.OrganizationId };

    private WebhookDelivery Done(bool fails = false, long? organizationId = Some.OrganizationId)
    {
        var delivery = new WebhookDelivery(Payload.Text("Hej", Some.Unique("m_replay")), Clock.Now);
        delivery.Finish(
            "page", [new EventOutcome(fails ? EventOutcomeKind.Failed : EventOutcomeKind.Processed, null, organizationId)], Clock.Now);
        return delivery;
    }

    private Task FinishAsync(long id, EventOutcome outcome) => Change(db =>
    {
        db.WebhookDeliveries.Single(d => d.Id == id).Finish("page", [outcome], Clock.Now);
        return Task.CompletedTask;
    });

    private async Task<IEnumerable<long>> PendingAsync() =>
        (await Rows(db => db.WebhookDeliveries.Where(d => d.State == WebhookDeliveryState.Pending).OrderBy(d => d.Id))).Select(d => d.Id);
}
