using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Inbound;

public class RecordEchoTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task An_echo_without_a_customer_does_not_change_a_known_message()
    {
        await Given(Some.SampleConnection());
        await Receive(MetaEvent.Deliver(MetaEvent.Echo("m_1", "hello", 1)).Single());

        await Receive("""
            {
                "object":"page",
                "entry":[{"id":"109876543210987","messaging":[{
                    "sender":{"id":"109876543210987"},
                    "recipient":{"id":null},
                    "timestamp":1760000000000,
                    "message":{"mid":"m_1","is_echo":true,"text":"hello"}
                }]}]
            }
            """);

        Assert.Equal("hello", (await Row(db => db.Messages)).Text);
        Assert.DoesNotContain(await Rows(db => db.WebhookDeliveries), d => d.FailedEvents > 0);
    }

    [Fact]
    public async Task An_echo_of_a_known_message_with_another_customer_creates_no_conversation()
    {
        await Given(Some.SampleConnection());
        await Receive(MetaEvent.Deliver(MetaEvent.Echo("m_1", "hello", 1)).Single());

        await Receive(Payload.Event(Some.PageId, 1760000000000, Payload.Item(
            "message", """{"mid":"m_1","is_echo":true,"text":"hello"}""", sender: Some.PageId, recipient: "31337")));

        var conversation = await Row(db => db.Conversations);
        Assert.Equal(conversation.Id, (await Row(db => db.Messages)).ConversationId);
    }

    [Fact]
    public async Task A_message_sent_in_metas_inbox_is_an_external_message()
    {
        await Given(Some.SampleConnection());

        await Receive(Payload.Messenger("echo-text-page-inbox"));

        var message = await Row(db => db.Messages);
        Assert.Equal(
            (MessageDirection.Outbound, MessageOrigin.External, MessageStatus.Sent, "Meta inbox"),
            (message.Direction, message.Origin, message.Status, message.SenderName));
        Assert.Equal(0, (await Row(db => db.Conversations)).UnreadCount);
    }

    [Fact]
    public async Task An_echo_opens_no_messaging_window()
    {
        await Given(Some.SampleConnection());

        await Receive(Payload.Messenger("echo-text-other-app"));

        Assert.Equal(WindowState.Closed, (await Row(db => db.Conversations)).WindowAt(Clock.Now).State);
    }

    [Theory]
    [InlineData(Channel.FacebookMessenger)]
    [InlineData(Channel.InstagramDm)]
    public async Task An_echo_after_the_answer_to_the_send_adds_metas_time(Channel channel)
    {
        var message = await GivenQueuedAsync(channel);
        MetaMessages.OnSend = _ => Task.FromResult("m_ours");
        await Send(new DeliverMessages(message.ConversationId));

        await Receive(Echo(channel, "m_ours", message));

        var sent = await Row(db => db.Messages);
        Assert.Equal(
            (MessageStatus.Sent, MessageOrigin.Agent, DateTimeOffset.FromUnixTimeMilliseconds(1760000300000)),
            (sent.Status, sent.Origin, sent.SentAt));
    }

    [Theory]
    [InlineData(Channel.FacebookMessenger)]
    [InlineData(Channel.InstagramDm)]
    public async Task An_echo_before_the_answer_to_the_send_completes_the_message(Channel channel)
    {
        var message = await GivenQueuedAsync(channel);
        MetaMessages.OnSend = async sent =>
        {
            await Receive(Echo(channel, "m_ours", message));
            return "m_ours";
        };

        await Assert.ThrowsAnyAsync<DbUpdateConcurrencyException>(() => Send(new DeliverMessages(message.ConversationId)));

        var done = await Row(db => db.Messages);
        Assert.Equal((MessageStatus.Sent, "m_ours", MessageOrigin.Agent), (done.Status, done.ExternalId, done.Origin));
        Assert.Single(MetaMessages.Sent);
        await Send(new DeliverMessages(message.ConversationId));
        Assert.Single(MetaMessages.Sent);
    }

    [Theory]
    [InlineData(Channel.FacebookMessenger)]
    [InlineData(Channel.InstagramDm)]
    public async Task An_echo_completes_a_message_whose_send_had_no_answer(Channel channel)
    {
        var message = await GivenQueuedAsync(channel);
        MetaMessages.RefuseSends(RefusalClass.OutcomeUnknown);
        await Send(new DeliverMessages(message.ConversationId));
        Assert.Equal(MessageStatus.Sending, (await Row(db => db.Messages)).Status);

        await Receive(Echo(channel, "m_ours", message));

        var done = await Row(db => db.Messages);
        Assert.Equal((MessageStatus.Sent, "m_ours"), (done.Status, done.ExternalId));
    }

    [Theory]
    [InlineData(Channel.FacebookMessenger)]
    [InlineData(Channel.InstagramDm)]
    public async Task An_echo_of_a_message_without_an_answer_releases_the_messages_behind_it(Channel channel)
    {
        var message = await GivenQueuedAsync(channel);
        MetaMessages.RefuseSends(RefusalClass.OutcomeUnknown);
        await Send(new DeliverMessages(message.ConversationId));

        await Receive(Echo(channel, "m_ours", message));

        Assert.Equal([message.ConversationId], Dispatcher.Woken);
    }

    [Fact]
    public async Task The_answer_to_a_send_replaces_its_instagram_echo_that_was_taken_for_external()
    {
        var message = await GivenQueuedAsync(Channel.InstagramDm);
        MetaMessages.OnSend = async _ =>
        {
            await Receive(Echo(Channel.InstagramDm, "m_ours", message, text: "Meta has changed the text"));
            return "m_ours";
        };

        await Send(new DeliverMessages(message.ConversationId));

        var only = await Row(db => db.Messages);
        Assert.Equal((message.Id, MessageStatus.Sent, "m_ours"), (only.Id, only.Status, only.ExternalId));
    }

    [Fact]
    public async Task An_echo_turns_a_failed_message_into_a_sent_one()
    {
        var message = Some.Sending(Some.Conversation(connection: await Given(Some.SampleConnection()), customerId: Some.Psid));
        message.Fail(Some.Refusal(RefusalClass.OutcomeUnknown));
        await Given(message);

        await Receive(Echo(Channel.FacebookMessenger, "m_ours", message));

        var done = await Row(db => db.Messages);
        Assert.Equal((MessageStatus.Sent, "m_ours"), (done.Status, done.ExternalId));
        Assert.Null(done.Error);
    }

    [Fact]
    public async Task Metadata_of_a_message_in_another_conversation_is_not_matched()
    {
        var connection = await Given(Some.SampleConnection());
        var mine = await Given(Some.Sending(Some.Conversation(connection: connection, customerId: "1111")));
        await Given(Some.Conversation(connection: connection, customerId: Some.Psid));

        await Receive(Echo(Channel.FacebookMessenger, "m_x", mine, customer: Some.Psid));

        Assert.Equal(MessageStatus.Sending, (await Row(db => db.Messages.Where(m => m.Id == mine.Id))).Status);
        Assert.Equal(2, await Count(db => db.Messages));
    }

    [Fact]
    public async Task A_repeated_echo_is_one_message()
    {
        await Given(Some.SampleConnection());
        await Receive(Payload.Instagram("echo-text"));

        await Receive(Payload.Instagram("echo-text"));

        Assert.Equal(1, await Count(db => db.Messages));
    }

    private async Task<Message> GivenQueuedAsync(Channel channel)
    {
        var connection = await Given(Some.SampleConnection());
        return await Given(Some.Queued(Some.Conversation(
            connection: connection, channel: channel, customerId: channel is Channel.FacebookMessenger ? Some.Psid : Some.Igsid)));
    }

    private static byte[] Echo(Channel channel, string mid, Message message, string? text = null, string? customer = null)
    {
        text ??= message.Text;
        if (channel is Channel.InstagramDm)
        {
            var echo = $$"""{"mid":"{{mid}}","is_echo":true,"text":"{{text}}"}""";
            return Payload.InstagramEvent(Payload.InstagramItem("message", echo, Some.IgAccountId, customer ?? Some.Igsid));
        }

        var json = $$"""
            {"mid":"{{mid}}","is_echo":true,"app_id":123456789012345,"metadata":"{{message.Metadata}}","text":"{{text}}"}
            """;
        return Payload.Event(Some.PageId, 1760000300000, Payload.Item("message", json, Some.PageId, customer ?? Some.Psid));
    }
}
