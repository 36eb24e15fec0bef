using MetaMessaging.Application.Common;
using MetaMessaging.Application.Operations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Operations;

public class WebhookDeliveryTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Deliveries_are_found_by_object_account_and_time()
    {
        var page = await Given(Done(account: "111"));
        var instagram = await Given(Done(@object: "instagram", account: "222"));
        Clock.Advance(TimeSpan.FromHours(2));
        var late = await Given(Done(account: "111"));

        Assert.Equal([instagram.Id], await FindAsync(new ListWebhookDeliveries(Object: "instagram")));
        Assert.Equal([late.Id, page.Id], await FindAsync(new ListWebhookDeliveries(AccountId: "111")));
        Assert.Equal([late.Id], await FindAsync(new ListWebhookDeliveries(AccountId: "111", From: Clock.Now.AddHours(-1))));
        Assert.Equal([instagram.Id, page.Id], await FindAsync(new ListWebhookDeliveries(To: late.ReceivedAt)));
    }

    [Fact]
    public async Task A_delivery_is_found_by_its_id_and_by_text_in_its_body()
    {
        var one = await Given(Done(Payload.Text("Hej", "m_NeedleA")));
        var other = await Given(Done(Payload.Text("Hej", "m_other", psid: "7654000000000099")));

        Assert.Equal([one.Id], await FindAsync(new ListWebhookDeliveries(Q: $"#{one.Id}")));
        Assert.Equal([one.Id], await FindAsync(new ListWebhookDeliveries(Q: " m_NeedleA ")));
        Assert.Equal([other.Id], await FindAsync(new ListWebhookDeliveries(Q: "7654000000000099")));
        Assert.Empty(await FindAsync(new ListWebhookDeliveries(Q: "%")));
    }

    [Fact]
    public async Task The_next_page_keeps_the_filter()
    {
        for (var i = 0; i < 5; i++) await Given(Done(account: i % 2 == 0 ? "111" : "222"));

        var first = await Send(new ListWebhookDeliveries(Limit: 2, AccountId: "111"));
        var second = await Send(new ListWebhookDeliveries(Limit: 2, AccountId: "111", Cursor: first.NextCursor));

        Assert.Equal((2, 1), (first.Items.Count, second.Items.Count));
        Assert.Null(second.NextCursor);
    }

    [Fact]
    public async Task A_time_span_that_ends_before_it_begins_is_refused()
    {
        var refused = await Assert.ThrowsAsync<FluentValidation.ValidationException>(
            () => Send(new ListWebhookDeliveries(From: Clock.Now, To: Clock.Now)));

        Assert.Equal("To", Assert.Single(refused.Errors).PropertyName);
    }

    [Fact]
    public async Task Each_event_shows_its_outcome_message_and_conversation()
    {
        await Given(Some.SampleConnection());
        var delivery = await Receive(Payload.Event(
            Some.PageId, 1760000000001,
            $$$"""{"sender":{"id":"{{{Some.Psid}}}"},"recipient":{"id":"{{{Some.PageId}}}"},"timestamp":1760000000001,"message":"""
            + """{"mid":"m_told","text":"Hej"}}""",
            $$$"""{"sender":{"id":"{{{Some.Psid}}}"},"recipient":{"id":"{{{Some.PageId}}}"},"timestamp":1760000000002,"unheard_of":{}}"""));

        var shown = await Send(new GetWebhookDelivery(delivery.Id));

        var message = await Row(db => db.Messages);
        var (first, second) = (shown.Events[0], shown.Events[1]);
        Assert.Equal(
            ("Message", EventOutcomeKind.Processed, "m_told", (long?)message.Id, (long?)message.ConversationId),
            (first.Event, first.Outcome, first.Mid, first.MessageId, first.ConversationId));
        Assert.Equal(
            (EventOutcomeKind.Ignored, (long?)null, (long?)message.ConversationId),
            (second.Outcome, second.MessageId, second.ConversationId));
        Assert.False(string.IsNullOrEmpty(second.Reason));
        Assert.Equal(Some.PageId, shown.AccountId);
    }

    [Fact]
    public async Task A_pending_delivery_shows_its_events_without_outcomes()
    {
        var waiting = await Given(new WebhookDelivery(Payload.Text("Hej", "m_waits"), Clock.Now));
        Caller.IsSystemAdmin = true;

        var shown = await Send(new GetWebhookDelivery(waiting.Id));

        Assert.Equal(("m_waits", (EventOutcomeKind?)null), (Assert.Single(shown.Events).Mid, shown.Events[0].Outcome));
        Assert.Null(shown.LatencyMilliseconds);
    }

    [Fact]
    public async Task The_latency_is_shown_of_the_first_processing_only()
    {
        var delivery = await Given(Done(took: TimeSpan.FromMilliseconds(40)));
        Assert.Equal(40, (await Send(new GetWebhookDelivery(delivery.Id))).LatencyMilliseconds);

        await Change(db =>
        {
            var row = db.WebhookDeliveries.Single(d => d.Id == delivery.Id);
            row.Replay();
            row.Finish("page", [Ours], Clock.Now.AddDays(1));
            return Task.CompletedTask;
        });

        Assert.Null((await Send(new GetWebhookDelivery(delivery.Id))).LatencyMilliseconds);
    }

    [Fact]
    public async Task The_body_of_another_organizations_delivery_is_not_found()
    {
        var delivery = await Given(Done());

        await Assert.ThrowsAsync<NotFoundException>(() => SendAs(Some.OtherOrganizationId, new GetWebhookPayload(delivery.Id)));
        Assert.Equal(delivery.Payload, await Send(new GetWebhookPayload(delivery.Id)));
    }

    private static EventOutcome Ours => EventOutcome.Processed with { OrganizationId = Some.OrganizationId };

    private WebhookDelivery Done(byte[]? body = null, string @object = "page", string? account = null, TimeSpan took = default)
    {
        var delivery = new WebhookDelivery(body ?? Payload.Text("Hej", Some.Unique("m_ops")), Clock.Now);
        delivery.Finish(@object, [Ours with { AccountId = account }], Clock.Now + took);
        return delivery;
    }

    private async Task<IEnumerable<long>> FindAsync(ListWebhookDeliveries list) => (await Send(list)).Items.Select(d => d.Id);
}
