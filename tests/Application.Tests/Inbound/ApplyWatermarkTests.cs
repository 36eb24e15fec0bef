using MetaMessaging.Application.Common;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Inbound;

public class ApplyWatermarkTests(SliceFixture app) : SliceTest(app)
{
    private static readonly DateTimeOffset Watermark = DateTimeOffset.FromUnixTimeMilliseconds(1760000200000);

    [Fact]
    public async Task A_read_watermark_marks_every_message_sent_up_to_it_as_read()
    {
        var conversation = await GivenConversationAsync();
        await Given(Some.Sent(conversation, "before", Watermark.AddSeconds(-5)));
        await Given(Some.Sent(conversation, "within the allowance", Watermark.AddMilliseconds(900)));
        await Given(Some.Sent(conversation, "after", Watermark.AddMilliseconds(1100)));

        await Receive(Receipt("read", Watermark));

        Assert.Equal(
            [("before", MessageStatus.Read), ("within the allowance", MessageStatus.Read), ("after", MessageStatus.Sent)],
            await StatusesAsync());
        Assert.Equal(Watermark, (await Row(db => db.Messages.Where(m => m.Text == "before"))).ReadAt);
    }

    [Fact]
    public async Task A_delivery_receipt_marks_a_message_as_delivered_but_not_as_read()
    {
        var conversation = await GivenConversationAsync();
        await Given(Some.Sent(conversation, "sent", Watermark.AddSeconds(-5)));

        await Receive(Receipt("delivery", Watermark));

        var message = await Row(db => db.Messages);
        Assert.Equal((MessageStatus.Delivered, Watermark, (DateTimeOffset?)null), (message.Status, message.DeliveredAt, message.ReadAt));
    }

    [Fact]
    public async Task A_message_gets_the_time_of_the_earliest_receipt_that_covers_it_in_any_order()
    {
        var conversation = await GivenConversationAsync();
        await Given(Some.Sent(conversation, "sent", Watermark.AddSeconds(-5)));

        await Receive(Receipt("read", Watermark.AddSeconds(30)));
        await Receive(Receipt("read", Watermark.AddSeconds(20)));
        await Receive(Receipt("delivery", Watermark.AddSeconds(10)));
        await Receive(Receipt("delivery", Watermark.AddSeconds(-30)));

        var message = await Row(db => db.Messages);
        Assert.Equal((Watermark.AddSeconds(10), Watermark.AddSeconds(20)), (message.DeliveredAt, message.ReadAt));
    }

    [Fact]
    public async Task Under_load_the_watermark_advances_at_once_and_its_messages_are_marked_later()
    {
        var conversation = await GivenConversationAsync();
        await Given(Some.Sent(conversation, "sent", Watermark.AddSeconds(-5)));

        Load.Level = LoadLevel.NoReceipts;
        await Receive(Receipt("read", Watermark));
        Assert.Equal(
            (MessageStatus.Sent, Watermark), ((await Row(db => db.Messages)).Status, (await Row(db => db.Conversations)).ReadUpTo));
        Assert.Equal(new ApplyDeferredReceipts(conversation.Id), Assert.Single(Jobs.Scheduled).Job);

        await Send(new ApplyDeferredReceipts(conversation.Id));
        Assert.Equal(MessageStatus.Sent, (await Row(db => db.Messages)).Status);

        Load.Level = LoadLevel.NoEnrichment;
        await Send(new ApplyDeferredReceipts(conversation.Id));
        var message = await Row(db => db.Messages);
        Assert.Equal((MessageStatus.Read, Watermark), (message.Status, message.ReadAt));
        Assert.Null((await Row(db => db.Conversations)).ReceiptsDueAt);
    }

    [Fact]
    public async Task A_late_receipt_does_not_set_a_message_back()
    {
        var conversation = await GivenConversationAsync();
        await Given(Some.Sent(conversation, "sent", Watermark.AddSeconds(-5)));
        await Receive(Receipt("read", Watermark));

        await Receive(Receipt("delivery", Watermark.AddSeconds(1)));
        await Receive(Receipt("read", Watermark.AddHours(-1)));

        Assert.Equal(MessageStatus.Read, (await Row(db => db.Messages)).Status);
        Assert.Equal(Watermark, (await Row(db => db.Conversations)).ReadUpTo);
    }

    [Fact]
    public async Task A_receipt_does_not_change_failed_queued_or_inbound_messages()
    {
        var conversation = await GivenConversationAsync();
        await Given(Some.Failed(conversation, "failed"));
        await Given(Some.Queued(conversation, "queued", Watermark.AddMinutes(-1)));
        await Given(Some.Inbound(conversation, "inbound", Watermark.AddMinutes(-1)));

        await Receive(Receipt("read", Clock.Now));

        Assert.Equal(
            [("failed", MessageStatus.Failed), ("queued", MessageStatus.Queued), ("inbound", MessageStatus.Received)],
            await StatusesAsync());
    }

    [Fact]
    public async Task A_receipt_does_not_change_messages_of_other_conversations()
    {
        var conversation = await GivenConversationAsync();
        await Given(Some.Sent(Some.Conversation(connection: conversation.Connection), "other customer", Watermark.AddSeconds(-5)));

        await Receive(Receipt("read", Watermark));

        Assert.Equal([("other customer", MessageStatus.Sent)], await StatusesAsync());
    }

    [Fact]
    public async Task A_receipt_that_arrives_before_the_answer_to_the_send_is_applied_after_it()
    {
        var conversation = await GivenConversationAsync();
        await Given(Some.Queued(conversation, "quick", Clock.Now));
        MetaMessages.OnSend = async _ =>
        {
            await Receive(Receipt("read", Clock.Now.AddSeconds(1)));
            return "m_quick";
        };

        await Send(new DeliverMessages(conversation.Id));

        Assert.Equal([("quick", MessageStatus.Read)], await StatusesAsync());
    }

    [Fact]
    public async Task An_instagram_read_receipt_covers_the_named_message_and_all_before_it()
    {
        var conversation = await GivenConversationAsync(Channel.InstagramDm);
        await Given(Some.Sent(conversation, "first", Watermark.AddSeconds(-60), "m_1"));
        await Given(Some.Sent(conversation, "second", Watermark.AddSeconds(-30), "m_2"));
        await Given(Some.Sent(conversation, "third", Watermark.AddSeconds(-29.5), "m_3"));

        await Receive(Payload.InstagramEvent(Payload.InstagramItem("read", """{"mid":"m_2"}""")));

        Assert.Equal([("first", MessageStatus.Read), ("second", MessageStatus.Read), ("third", MessageStatus.Sent)], await StatusesAsync());
    }

    [Fact]
    public async Task A_message_named_by_mid_is_delivered_even_when_the_clocks_disagree()
    {
        var conversation = await GivenConversationAsync();
        await Given(Some.Sent(conversation, "our clock is ahead", Watermark.AddMinutes(10), "m_1"));

        await Receive(Payload.Event(Some.PageId, 1760000300000, Payload.Item(
            "delivery", $$"""{"mids":["m_1"],"watermark":{{Watermark.ToUnixTimeMilliseconds()}}}""")));

        Assert.Equal([("our clock is ahead", MessageStatus.Delivered)], await StatusesAsync());
    }

    [Fact]
    public async Task A_receipt_opens_no_messaging_window_and_creates_no_contact()
    {
        await Given(Some.SampleConnection());

        var delivery = await Receive(Receipt("read", Watermark));

        Assert.Equal(EventOutcomeKind.Parked, Assert.Single(delivery.ReadOutcomes()).Kind);
        Assert.Equal((0, 0), (await Count(db => db.Contacts), await Count(db => db.Conversations)));
    }

    [Fact]
    public async Task A_receipt_causes_one_live_update_for_its_conversation()
    {
        var conversation = await GivenConversationAsync();
        for (var i = 0; i < 5; i++) await Given(Some.Sent(conversation, $"{i}", Watermark.AddSeconds(-i)));

        await Receive(Receipt("read", Watermark));

        Assert.Equal([$"conversation {Some.OrganizationId} {conversation.Id}"], Live.Pushed);
    }

    private async Task<Conversation> GivenConversationAsync(Channel channel = Channel.FacebookMessenger) => await Given(Some.Conversation(
        connection: await Given(Some.SampleConnection()),
        channel: channel,
        customerId: channel is Channel.FacebookMessenger ? Some.Psid : Some.Igsid));

    private async Task<IEnumerable<(string?, MessageStatus)>> StatusesAsync() =>
        (await Rows(db => db.Messages.OrderBy(m => m.Id))).Select(m => (m.Text, m.Status));

    private static byte[] Receipt(string kind, DateTimeOffset watermark) => Payload.Event(Some.PageId, 1760000300000,
        Payload.Item(kind, $$"""{"watermark":{{watermark.ToUnixTimeMilliseconds()}}}"""));
}
