using FluentValidation;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Outbound;

public class SendMessageTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task A_message_is_saved_before_the_dispatcher_is_woken()
    {
        var conversation = await Given(Some.Conversation());

        var answer = (await Send(new SendMessage(conversation.Id, "Hello")))[0];

        var message = await Row(db => db.Messages);
        Assert.Equal(
            (answer.Id, MessageStatus.Queued, MessageOrigin.Agent, Some.AdminId, "Maria Lind"),
            (message.Id, message.Status, message.Origin, message.SenderId, message.SenderName));
        Assert.Equal([conversation.Id], Dispatcher.Woken);
        Assert.Empty(MetaMessages.Sent);
    }

    [Fact]
    public async Task Outside_the_messaging_window_nothing_is_queued()
    {
        var conversation = await Given(Some.Conversation(lastInboundAt: Clock.Now.AddHours(-25)));

        Assert.Equal("outside_messaging_window", await RefusalOf(new SendMessage(conversation.Id, "Hello")));

        Assert.Empty(Dispatcher.Woken);
        Assert.Equal(0, await Count(db => db.Messages));
    }

    [Theory]
    [InlineData(23, null)]
    [InlineData(25, MessageTag.HumanAgent)]
    [InlineData(167, MessageTag.HumanAgent)]
    public async Task A_persons_answer_is_tagged_only_after_the_24_hours(int hours, MessageTag? tag)
    {
        var conversation = await Given(Some.Conversation(lastInboundAt: Clock.Now.AddHours(-hours)));

        await Send(new SendMessage(conversation.Id, "Hello", Tag: MessageTag.HumanAgent));
        await Send(new DeliverMessages(conversation.Id));

        Assert.Equal(tag, Assert.Single(MetaMessages.Sent).Message.Tag);
    }

    [Fact]
    public async Task A_message_with_a_named_person_is_tagged_if_it_waited_past_the_24_hours()
    {
        var conversation = await Given(Some.Conversation(lastInboundAt: Clock.Now.AddHours(-23.5)));
        Caller.SentBy = Some.Software;
        await Send(new SendMessage(conversation.Id, "Hello", Tag: MessageTag.HumanAgent, AgentId: Some.AgentId));
        Clock.Advance(TimeSpan.FromHours(1));

        await Send(new DeliverMessages(conversation.Id));

        Assert.Equal(MessageTag.HumanAgent, Assert.Single(MetaMessages.Sent).Message.Tag);
    }

    [Fact]
    public async Task Software_must_name_a_person_for_the_tag_even_before_it_is_needed()
    {
        var conversation = await Given(Some.Conversation());
        Caller.SentBy = Some.Software;

        Assert.Equal("human_agent_required", await RefusalOf(new SendMessage(conversation.Id, "Hello", Tag: MessageTag.HumanAgent)));
        Assert.Equal(
            "human_agent_required",
            await RefusalOf(new SendMessage(conversation.Id, "Hello", Tag: MessageTag.HumanAgent, AgentId: Some.OtherAdminId)));
    }

    [Fact]
    public async Task After_seven_days_a_tagged_message_is_refused_as_well()
    {
        var conversation = await Given(Some.Conversation(lastInboundAt: Clock.Now.AddDays(-7)));

        Assert.Equal("outside_messaging_window", await RefusalOf(new SendMessage(conversation.Id, "Hello", Tag: MessageTag.HumanAgent)));
    }

    [Fact]
    public async Task A_repeated_request_with_the_same_key_is_sent_once()
    {
        var conversation = await Given(Some.Conversation());
        var request = new SendMessage(conversation.Id, "Hello") { IdempotencyKey = "order-7" };

        var first = await Send(request);
        var second = await Send(request);

        Assert.Equal(first[0].Id, Assert.Single(second).Id);
        Assert.Equal(1, await Count(db => db.Messages));
        var other = await Assert.ThrowsAsync<ConflictException>(() => Send(request with { Text = "Hello again" }));
        Assert.Equal("idempotency_key_reused", other.Code);
    }

    [Theory]
    [InlineData("order-a", "order-A")]
    [InlineData("strasse", "stra\u00dfe")]
    [InlineData("\ud83d\udc4d", "\ud83d\udc4e")]
    [InlineData("\ud83d\udc4d", "\ud83d")]
    [InlineData("order", "order\0")]
    public async Task Keys_are_compared_byte_for_byte(string first, string second)
    {
        var conversation = await Given(Some.Conversation());
        var request = new SendMessage(conversation.Id, "Hello") { IdempotencyKey = first };

        await Send(request);
        await Send(request with { Text = "Hello again", IdempotencyKey = second });

        Assert.Equal(2, await Count(db => db.Messages));
    }

    /// <summary>SQL Server ignores blanks at the end, and says so instead of sending nothing. A header's value has none.</summary>
    [Fact]
    public async Task A_key_that_ends_in_a_blank_is_never_answered_from_another()
    {
        var conversation = await Given(Some.Conversation());
        var request = new SendMessage(conversation.Id, "Hello") { IdempotencyKey = "order" };
        await Send(request);

        var other = await Record.ExceptionAsync(() => Send(request with { IdempotencyKey = "order " }));

        Assert.True(other is ConflictException { Code: "idempotency_key_reused" } || await Count(db => db.Messages) == 2);
    }

    [Fact]
    public async Task Concurrent_requests_with_the_same_key_are_sent_once()
    {
        var conversation = await Given(Some.Conversation());
        var request = new SendMessage(conversation.Id, "Hello") { IdempotencyKey = "order-8" };

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Send(request))));

        Assert.Single(answers.Select(a => a.Single().Id).Distinct());
        Assert.Equal(1, await Count(db => db.Messages));
    }

    [Fact]
    public async Task After_a_day_a_key_can_be_used_again()
    {
        var conversation = await Given(Some.Conversation());
        var request = new SendMessage(conversation.Id, "Hello", Tag: MessageTag.HumanAgent) { IdempotencyKey = "daily" };
        var first = await Send(request);
        Clock.Advance(TimeSpan.FromHours(24));

        var second = await Send(request);

        Assert.NotEqual(first[0].Id, second[0].Id);
        Assert.Equal(second[0].Id, (await Send(request))[0].Id);
    }

    [Fact]
    public async Task Quick_replies_and_the_reply_target_are_sent()
    {
        var conversation = await Given(Some.Conversation());
        var question = await Given(Some.Inbound(conversation, "Is it in stock?", Clock.Now));

        await Send(
            new SendMessage(
                conversation.Id,
                "Yes. Shall we send it?",
                QuickReplies: [new QuickReply("Yes", "Y"), new QuickReply("No", "N")],
                ReplyToMessageId: question.Id));
        await Send(new DeliverMessages(conversation.Id));

        var sent = Assert.Single(MetaMessages.Sent).Message;
        Assert.Equal(["Y", "N"], sent.QuickReplies!.Select(r => r.Payload));
        Assert.Equal(question.ExternalId, sent.ReplyTo);
    }

    [Fact]
    public async Task Only_a_message_of_the_same_conversation_can_be_answered()
    {
        var conversation = await Given(Some.Conversation());
        var elsewhere = await Given(Some.Inbound(Some.Conversation(), "Hello", Clock.Now));
        var unsent = await Given(Some.Queued(conversation, "not out yet"));

        Assert.Equal("message_not_found", (await Assert.ThrowsAsync<NotFoundException>(
            () => Send(new SendMessage(conversation.Id, "x", ReplyToMessageId: elsewhere.Id)))).Code);
        Assert.Equal("reply_target_unavailable", await RefusalOf(new SendMessage(conversation.Id, "x", ReplyToMessageId: unsent.Id)));
    }

    [Theory]
    [InlineData("", "Y")]
    [InlineData("Yes", "")]
    [InlineData("A title of more than 20", "Y")]
    public async Task A_quick_reply_that_Meta_would_refuse_is_malformed(string title, string payload)
    {
        var conversation = await Given(Some.Conversation());

        await Assert.ThrowsAsync<ValidationException>(
            () => Send(new SendMessage(conversation.Id, "x", QuickReplies: [new QuickReply(title, payload)])));
        await Assert.ThrowsAsync<ValidationException>(
            () => Send(new SendMessage(conversation.Id, "x", QuickReplies: [.. Enumerable.Repeat(new QuickReply("Yes", "Y"), 14)])));
    }

    [Fact]
    public async Task A_message_to_a_customer_who_has_never_written_is_refused()
    {
        var conversation = await Given(Some.Conversation(neverWrote: true));

        Assert.Equal("outside_messaging_window", await RefusalOf(new SendMessage(conversation.Id, "Hello")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \n\t ")]
    public async Task An_empty_message_is_refused(string? text)
    {
        var conversation = await Given(Some.Conversation());

        Assert.Equal("no_content", await RefusalOf(new SendMessage(conversation.Id, text)));
    }

    [Theory]
    [InlineData(Channel.FacebookMessenger, 2000, true)]
    [InlineData(Channel.FacebookMessenger, 2001, false)]
    [InlineData(Channel.InstagramDm, 1000, true)]
    [InlineData(Channel.InstagramDm, 1001, false)]
    public async Task A_text_that_is_too_long_for_the_channel_is_refused(Channel channel, int length, bool fits)
    {
        var conversation = await Given(Some.Conversation(channel: channel));
        var request = new SendMessage(conversation.Id, new string('x', length));

        if (fits) Assert.Equal(MessageStatus.Queued, (await Send(request))[0].Status);
        else Assert.Equal("text_too_long", await RefusalOf(request));
    }

    [Fact]
    public async Task A_disconnected_page_refuses_messages()
    {
        var conversation = await Given(Some.Conversation());
        await Change(async db => (await db.Connections.SingleAsync()).Disconnect());

        Assert.Equal(
            "channel_not_connected",
            (await Assert.ThrowsAsync<ConflictException>(() => Send(new SendMessage(conversation.Id, "Hello")))).Code);
    }

    [Fact]
    public async Task A_page_without_its_Instagram_account_accepts_Messenger_only()
    {
        var connection = await Given(Some.SampleConnection());
        var instagram = await Given(Some.Conversation(connection: connection, channel: Channel.InstagramDm));
        var messenger = await Given(Some.Conversation(connection: connection));
        await Change(async db => (await db.Connections.SingleAsync()).Connect(Some.Page(), null, null, null, Clock.Now));

        Assert.Equal(
            "channel_not_connected",
            (await Assert.ThrowsAsync<ConflictException>(() => Send(new SendMessage(instagram.Id, "Hello")))).Code);
        await Send(new SendMessage(messenger.Id, "Hello"));
    }

    [Fact]
    public async Task An_expired_connection_refuses_messages()
    {
        var conversation = await Given(Some.Conversation());
        await Change(async db => (await db.Connections.SingleAsync()).RequireReauthorization("expired", Clock.Now));

        Assert.Equal(
            "connection_expired",
            (await Assert.ThrowsAsync<ConflictException>(() => Send(new SendMessage(conversation.Id, "Hello")))).Code);
    }

    [Fact]
    public async Task A_conversation_that_does_not_exist_is_not_found()
    {
        Assert.Equal(
            "conversation_not_found", (await Assert.ThrowsAsync<NotFoundException>(() => Send(new SendMessage(4711, "Hello")))).Code);
    }

    [Fact]
    public async Task Another_organizations_conversation_does_not_exist()
    {
        var theirs = await Given(Some.Conversation(organizationId: Some.OtherOrganizationId));

        Assert.Equal(
            "conversation_not_found", (await Assert.ThrowsAsync<NotFoundException>(() => Send(new SendMessage(theirs.Id, "Hello")))).Code);
        Assert.Equal("contact_not_found", (await Assert.ThrowsAsync<NotFoundException>(
            () => Send(new SendMessage(null, "Hello", theirs.ContactId, Channel.FacebookMessenger)))).Code);
    }

    [Fact]
    public async Task A_contact_and_a_channel_identify_the_conversation()
    {
        var conversation = await Given(Some.Conversation());

        var answer = (await Send(new SendMessage(null, "Hello", conversation.ContactId, Channel.FacebookMessenger)))[0];

        Assert.Equal(conversation.Id, answer.ConversationId);
    }

    [Fact]
    public async Task A_contact_who_has_not_written_on_that_channel_cannot_be_reached_there()
    {
        var conversation = await Given(Some.Conversation());

        Assert.Equal("recipient_unknown", await RefusalOf(new SendMessage(null, "Hello", conversation.ContactId, Channel.InstagramDm)));
    }

    [Fact]
    public async Task A_request_without_a_recipient_is_malformed()
    {
        await Assert.ThrowsAsync<ValidationException>(() => Send(new SendMessage(null, "Hello")));
        await Assert.ThrowsAsync<ValidationException>(() => Send(new SendMessage(0, "Hello")));
        await Assert.ThrowsAsync<ValidationException>(() => Send(new SendMessage(null, "Hello", 1)));
        await Assert.ThrowsAsync<ValidationException>(() => Send(new SendMessage(null, "Hello", 1, (Channel)7)));
    }

    [Fact]
    public async Task A_request_with_two_recipients_is_malformed()
    {
        var conversation = await Given(Some.Conversation());

        var refusal = await Assert.ThrowsAsync<ValidationException>(() => Send(new SendMessage(conversation.Id, "Hello", 4711)));

        Assert.Equal("ContactId", refusal.Errors.Single().PropertyName);
        Assert.Equal(0, await Count(db => db.Messages));
    }

    private async Task<string> RefusalOf(SendMessage request) => (await Assert.ThrowsAsync<DomainException>(() => Send(request))).Code;
}
