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
    public async Task A_message_is_queued_before_anybody_is_woken()
    {
        var conversation = await Given(Some.Conversation());

        var answer = await Send(new SendMessage(conversation.Id, "Hello"));

        var message = await Row(db => db.Messages);
        Assert.Equal((answer.Id, MessageStatus.Queued, MessageOrigin.Agent, Some.AdminId, "Maria Lind"), (message.Id, message.Status, message.Origin, message.SenderId, message.SenderName));
        Assert.Equal([conversation.Id], Dispatcher.Woken);
        Assert.Empty(Graph.Sent);
    }

    [Fact]
    public async Task Outside_the_messaging_window_nothing_is_queued()
    {
        var conversation = await Given(Some.Conversation(lastInboundAt: Clock.Now.AddHours(-25)));

        Assert.Equal("outside_messaging_window", await RefusalOf(new SendMessage(conversation.Id, "Hello")));

        Assert.Empty(Dispatcher.Woken);
        Assert.Equal(0, await Count(db => db.Messages));
    }

    [Fact]
    public async Task To_somebody_who_never_wrote_nothing_is_queued()
    {
        var conversation = await Given(Some.Conversation(neverWrote: true));

        Assert.Equal("outside_messaging_window", await RefusalOf(new SendMessage(conversation.Id, "Hello")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \n\t ")]
    public async Task Nothing_is_no_message(string? text)
    {
        var conversation = await Given(Some.Conversation());

        Assert.Equal("no_content", await RefusalOf(new SendMessage(conversation.Id, text)));
    }

    [Theory]
    [InlineData(Channel.FacebookMessenger, 2000, true)]
    [InlineData(Channel.FacebookMessenger, 2001, false)]
    [InlineData(Channel.InstagramDm, 1000, true)]
    [InlineData(Channel.InstagramDm, 1001, false)]
    public async Task A_text_is_as_long_as_the_channel_takes(Channel channel, int length, bool fits)
    {
        var conversation = await Given(Some.Conversation(channel: channel));
        var request = new SendMessage(conversation.Id, new string('x', length));

        if (fits) Assert.Equal(MessageStatus.Queued, (await Send(request)).Status);
        else Assert.Equal("text_too_long", await RefusalOf(request));
    }

    [Fact]
    public async Task A_page_that_is_not_connected_any_more_takes_nothing()
    {
        var conversation = await Given(Some.Conversation());
        await Change(async db => (await db.Connections.SingleAsync()).Disconnect());

        Assert.Equal("channel_not_connected", (await Assert.ThrowsAsync<ConflictException>(() => Send(new SendMessage(conversation.Id, "Hello")))).Code);
    }

    [Fact]
    public async Task A_page_that_lost_its_instagram_account_still_takes_messenger_only()
    {
        var connection = await Given(Some.SampleConnection());
        var instagram = await Given(Some.Conversation(connection: connection, channel: Channel.InstagramDm));
        var messenger = await Given(Some.Conversation(connection: connection));
        await Change(async db => (await db.Connections.SingleAsync()).Connect(Some.Page(), null, null, null, Clock.Now));

        Assert.Equal("channel_not_connected", (await Assert.ThrowsAsync<ConflictException>(() => Send(new SendMessage(instagram.Id, "Hello")))).Code);
        await Send(new SendMessage(messenger.Id, "Hello"));
    }

    [Fact]
    public async Task An_expired_connection_takes_nothing()
    {
        var conversation = await Given(Some.Conversation());
        await Change(async db => (await db.Connections.SingleAsync()).RequireReauthorization("expired"));

        Assert.Equal("connection_expired", (await Assert.ThrowsAsync<ConflictException>(() => Send(new SendMessage(conversation.Id, "Hello")))).Code);
    }

    [Fact]
    public async Task A_conversation_that_does_not_exist_is_not_found()
    {
        Assert.Equal("conversation_not_found", (await Assert.ThrowsAsync<NotFoundException>(() => Send(new SendMessage(4711, "Hello")))).Code);
    }

    [Fact]
    public async Task Another_organizations_conversation_does_not_exist()
    {
        var theirs = await Given(Some.Conversation(organizationId: Some.OtherOrganizationId));

        Assert.Equal("conversation_not_found", (await Assert.ThrowsAsync<NotFoundException>(() => Send(new SendMessage(theirs.Id, "Hello")))).Code);
        Assert.Equal("contact_not_found", (await Assert.ThrowsAsync<NotFoundException>(
            () => Send(new SendMessage(null, "Hello", theirs.ContactId, Channel.FacebookMessenger)))).Code);
    }

    [Fact]
    public async Task A_contact_and_a_channel_stand_for_the_conversation()
    {
        var conversation = await Given(Some.Conversation());

        var answer = await Send(new SendMessage(null, "Hello", conversation.ContactId, Channel.FacebookMessenger));

        Assert.Equal(conversation.Id, answer.ConversationId);
    }

    [Fact]
    public async Task A_contact_who_has_not_written_on_that_channel_cannot_be_reached_there()
    {
        var conversation = await Given(Some.Conversation());

        Assert.Equal("recipient_unknown", await RefusalOf(new SendMessage(null, "Hello", conversation.ContactId, Channel.InstagramDm)));
    }

    [Fact]
    public async Task A_request_that_names_nobody_is_malformed()
    {
        await Assert.ThrowsAsync<ValidationException>(() => Send(new SendMessage(null, "Hello")));
        await Assert.ThrowsAsync<ValidationException>(() => Send(new SendMessage(0, "Hello")));
        await Assert.ThrowsAsync<ValidationException>(() => Send(new SendMessage(null, "Hello", 1)));
        await Assert.ThrowsAsync<ValidationException>(() => Send(new SendMessage(null, "Hello", 1, (Channel)7)));
    }

    private async Task<string> RefusalOf(SendMessage request) => (await Assert.ThrowsAsync<DomainException>(() => Send(request))).Code;
}

public class RetryMessageTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task A_failed_message_is_queued_again_in_its_place()
    {
        var message = await Given(Some.Failed(Some.Conversation()));

        var answer = await Send(new RetryMessage(message.Id));

        Assert.Equal((message.Id, MessageStatus.Queued), (answer.Id, answer.Status));
        Assert.Null(answer.Error);
        Assert.Equal([message.ConversationId], Dispatcher.Woken);
    }

    [Fact]
    public async Task What_has_not_failed_is_not_sent_again()
    {
        var message = await Given(Some.Sent(Some.Conversation()));

        Assert.Equal("message_not_failed", (await Assert.ThrowsAsync<ConflictException>(() => Send(new RetryMessage(message.Id)))).Code);
        Assert.Empty(Dispatcher.Woken);
    }

    [Fact]
    public async Task A_retry_outside_the_window_is_refused()
    {
        var message = await Given(Some.Failed(Some.Conversation()));
        Clock.Advance(TimeSpan.FromHours(25));

        Assert.Equal("outside_messaging_window", (await Assert.ThrowsAsync<DomainException>(() => Send(new RetryMessage(message.Id)))).Code);
    }

    [Fact]
    public async Task Another_organizations_message_does_not_exist()
    {
        var theirs = await Given(Some.Failed(Some.Conversation(organizationId: Some.OtherOrganizationId)));

        await Assert.ThrowsAsync<NotFoundException>(() => Send(new RetryMessage(theirs.Id)));
    }
}
