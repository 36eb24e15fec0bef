using MetaMessaging.Application.Common;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Inbound;

public class ApplyWatermarkTests(SliceFixture app) : SliceTest(app)
{
    private static readonly DateTimeOffset Watermark = DateTimeOffset.FromUnixTimeMilliseconds(1760000200000);

    [Fact]
    public async Task A_read_watermark_covers_everything_sent_up_to_it()
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
    public async Task Delivered_is_not_read()
    {
        var conversation = await GivenConversationAsync();
        await Given(Some.Sent(conversation, "sent", Watermark.AddSeconds(-5)));

        await Receive(Receipt("delivery", Watermark));

        var message = await Row(db => db.Messages);
        Assert.Equal((MessageStatus.Delivered, Watermark, (DateTimeOffset?)null), (message.Status, message.DeliveredAt, message.ReadAt));
    }

    [Fact]
    public async Task A_message_has_the_time_of_the_first_receipt_that_covers_it_whichever_came_first()
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
    public async Task With_too_much_to_do_the_watermark_advances_and_the_messages_follow()
    {
        var conversation = await GivenConversationAsync();
        await Given(Some.Sent(conversation, "sent", Watermark.AddSeconds(-5)));

        Load.Level = LoadLevel.NoReceipts;
        await Receive(Receipt("read", Watermark));
        Assert.Equal((MessageStatus.Sent, Watermark), ((await Row(db => db.Messages)).Status, (await Row(db => db.Conversations)).ReadUpTo));
        Assert.Equal(new ApplyReceipts(conversation.Id), Assert.Single(Jobs.Scheduled).Job);

        await Send(new ApplyReceipts(conversation.Id));
        Assert.Equal(MessageStatus.Sent, (await Row(db => db.Messages)).Status);

        Load.Level = LoadLevel.NoEnrichment;
        await Send(new ApplyReceipts(conversation.Id));
        var message = await Row(db => db.Messages);
        Assert.Equal((MessageStatus.Read, Watermark), (message.Status, message.ReadAt));
        Assert.Null((await Row(db => db.Conversations)).ReceiptsDueAt);
    }

    [Fact]
    public async Task A_receipt_that_comes_late_takes_nothing_back()
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
    public async Task Failed_and_queued_messages_and_what_the_customer_wrote_are_not_touched()
    {
        var conversation = await GivenConversationAsync();
        await Given(Some.Failed(conversation, "failed"));
        await Given(Some.Queued(conversation, "queued", Watermark.AddMinutes(-1)));
        await Given(Some.Inbound(conversation, "inbound", Watermark.AddMinutes(-1)));

        await Receive(Receipt("read", Clock.Now));

        Assert.Equal(
            [("failed", MessageStatus.Failed), ("queued", MessageStatus.Queued), ("inbound", MessageStatus.Received)], await StatusesAsync());
    }

    [Fact]
    public async Task Another_conversations_messages_are_not_touched()
    {
        var conversation = await GivenConversationAsync();
        await Given(Some.Sent(Some.Conversation(connection: conversation.Connection), "other customer", Watermark.AddSeconds(-5)));

        await Receive(Receipt("read", Watermark));

        Assert.Equal([("other customer", MessageStatus.Sent)], await StatusesAsync());
    }

    [Fact]
    public async Task A_receipt_before_the_send_is_known_takes_effect_when_it_is()
    {
        var conversation = await GivenConversationAsync();
        await Given(Some.Queued(conversation, "quick", Clock.Now));
        MetaMessages.OnSend = async _ =>
        {
            await Receive(Receipt("read", Clock.Now.AddSeconds(1)));
            return "m_quick";
        };

        await Send(new Application.Outbound.DeliverMessages(conversation.Id));

        Assert.Equal([("quick", MessageStatus.Read)], await StatusesAsync());
    }

    [Fact]
    public async Task Instagram_names_the_last_message_read_and_means_everything_before_it_too()
    {
        var conversation = await GivenConversationAsync(Channel.InstagramDm);
        await Given(Some.Sent(conversation, "first", Watermark.AddSeconds(-60), "m_1"));
        await Given(Some.Sent(conversation, "second", Watermark.AddSeconds(-30), "m_2"));
        await Given(Some.Sent(conversation, "third", Watermark.AddSeconds(-29.5), "m_3"));

        await Receive(Payload.InstagramEvent($$$"""{"sender":{"id":"{{{Some.Igsid}}}"},"recipient":{"id":"{{{Some.IgAccountId}}}"},"timestamp":1760000300000,"read":{"mid":"m_2"}}"""));

        Assert.Equal([("first", MessageStatus.Read), ("second", MessageStatus.Read), ("third", MessageStatus.Sent)], await StatusesAsync());
    }

    [Fact]
    public async Task A_mid_named_as_delivered_is_delivered_whatever_the_clocks_say()
    {
        var conversation = await GivenConversationAsync();
        await Given(Some.Sent(conversation, "our clock is ahead", Watermark.AddMinutes(10), "m_1"));

        await Receive(Payload.Event(Some.PageId, 1760000300000, $$$"""{"sender":{"id":"{{{Some.Psid}}}"},"recipient":{"id":"{{{Some.PageId}}}"},"timestamp":1760000300000,"delivery":{"mids":["m_1"],"watermark":{{{Watermark.ToUnixTimeMilliseconds()}}}}}"""));

        Assert.Equal([("our clock is ahead", MessageStatus.Delivered)], await StatusesAsync());
    }

    [Fact]
    public async Task A_receipt_opens_no_window_and_creates_nobody()
    {
        await Given(Some.SampleConnection());

        var delivery = await Receive(Receipt("read", Watermark));

        Assert.Equal(EventOutcomeKind.Parked, Assert.Single(delivery.ReadOutcomes()).Kind);
        Assert.Equal((0, 0), (await Count(db => db.Contacts), await Count(db => db.Conversations)));
    }

    [Fact]
    public async Task Browsers_hear_of_a_receipt_once_a_conversation()
    {
        var conversation = await GivenConversationAsync();
        for (var i = 0; i < 5; i++) await Given(Some.Sent(conversation, $"{i}", Watermark.AddSeconds(-i)));

        await Receive(Receipt("read", Watermark));

        Assert.Equal([$"conversation {Some.OrganizationId} {conversation.Id}"], Live.Pushed);
    }

    private async Task<Conversation> GivenConversationAsync(Channel channel = Channel.FacebookMessenger) => await Given(Some.Conversation(
        connection: await Given(Some.SampleConnection()), channel: channel, customerId: channel is Channel.FacebookMessenger ? Some.Psid : Some.Igsid));

    private async Task<IEnumerable<(string?, MessageStatus)>> StatusesAsync() =>
        (await Rows(db => db.Messages.OrderBy(m => m.Id))).Select(m => (m.Text, m.Status));

    private static byte[] Receipt(string kind, DateTimeOffset watermark) => Payload.Event(Some.PageId, 1760000300000,
        $$$"""{"sender":{"id":"{{{Some.Psid}}}"},"recipient":{"id":"{{{Some.PageId}}}"},"timestamp":1760000300000,"{{{kind}}}":{"watermark":{{{watermark.ToUnixTimeMilliseconds()}}}}}""");
}
