using FluentValidation;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Outbound;

public class FailedMessagesTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Failed_messages_of_all_conversations_are_listed_newest_first_in_pages()
    {
        var connection = Some.Connection(name: "Blue Cup");
        var failed = new List<Message>();
        for (var i = 0; i < 5; i++)
            failed.Add(await Given(Failed(Some.Conversation(connection: connection), RefusalClass.Parameter, minutesAgo: 10 - i)));
        await Given(Some.Sent(Some.Conversation()));
        await Given(Some.Queued(Some.Conversation()));

        var first = await Send(new ListFailedMessages(Limit: 3));
        var second = await Send(new ListFailedMessages(Limit: 3, Cursor: first.NextCursor));

        Assert.Equal(failed.Select(m => m.Id).Reverse(), first.Items.Concat(second.Items).Select(f => f.Message.Id));
        Assert.Null(second.NextCursor);
        Assert.Equal(
            ("Blue Cup", RefusalClass.Parameter, "Meta refused: Parameter."),
            (first.Items[0].PageName, first.Items[0].Class, first.Items[0].Message.Error!.Title));
        Assert.Equal(5, await Send(new CountFailedMessages()));
    }

    [Fact]
    public async Task The_list_is_narrowed_by_reason_channel_page_and_time()
    {
        var old = await Given(Failed(Some.Conversation(), RefusalClass.Token, minutesAgo: 60 * 10));
        var instagram = await Given(Failed(Some.Conversation(channel: Channel.InstagramDm), RefusalClass.Window));

        Assert.Equal([old.Id], await IdsAsync(new ListFailedMessages(Class: RefusalClass.Token)));
        Assert.Equal([instagram.Id], await IdsAsync(new ListFailedMessages(Channel: Channel.InstagramDm)));
        Assert.Equal([old.Id], await IdsAsync(new ListFailedMessages(ConnectionId: old.ConnectionId)));
        Assert.Equal([old.Id], await IdsAsync(new ListFailedMessages(To: Clock.Now.AddHours(-5))));
        Assert.Equal([instagram.Id], await IdsAsync(new ListFailedMessages(From: Clock.Now.AddHours(-5))));
        Assert.Empty(await IdsAsync(new ListFailedMessages(Channel: Channel.InstagramDm, Class: RefusalClass.Token)));
    }

    [Fact]
    public async Task Only_failed_messages_can_be_listed()
    {
        var refused = await Assert.ThrowsAsync<ValidationException>(() => Send(new ListFailedMessages(MessageStatus.Queued)));

        Assert.Equal("Status", Assert.Single(refused.Errors).PropertyName);
    }

    [Fact]
    public async Task Messages_older_than_seven_days_are_not_counted()
    {
        await Given(Failed(Some.Conversation(), RefusalClass.Recipient));
        Clock.Advance(TimeSpan.FromDays(7));

        Assert.Equal(0, await Send(new CountFailedMessages()));
    }

    [Fact]
    public async Task Selected_messages_are_retried_and_refused_ones_are_reported()
    {
        var (fine, closed, left) = (
            await Given(Failed(Some.Conversation(), RefusalClass.Transient)),
            await Given(Failed(Some.Conversation(lastInboundAt: Clock.Now.AddHours(-23.9)), RefusalClass.Transient, sender: Some.Software)),
            await Given(Failed(Some.Conversation(), RefusalClass.Transient)));
        Clock.Advance(TimeSpan.FromHours(1));

        var outcome = await Send(new RetryMessages([fine.Id, closed.Id]));

        Assert.Equal((1, 0), (outcome.Retried, outcome.Left));
        Assert.Equal((closed.Id, "outside_messaging_window"), Assert.Single(outcome.Refused.Select(r => (r.MessageId, r.Code))));
        Assert.Equal([fine.ConversationId], Dispatcher.Woken);
        Assert.Equal(MessageStatus.Failed, (await Row(db => db.Messages.Where(m => m.Id == left.Id))).Status);
    }

    [Fact]
    public async Task Retrying_all_takes_the_matching_messages_that_can_succeed_in_order()
    {
        var conversation = await Given(Some.Conversation());
        var first = await Given(Failed(conversation, RefusalClass.Transient, "one"));
        var second = await Given(Failed(conversation, RefusalClass.Transient, "two"));
        await Given(Failed(conversation, RefusalClass.Parameter, "too long"));
        await Given(Failed(conversation, RefusalClass.OutcomeUnknown, "may have been sent"));
        await Given(Failed(Some.Conversation(), RefusalClass.Transient, "another Page's"));

        var outcome = await Send(new RetryMessages(All: true, ConnectionId: conversation.ConnectionId));
        await Send(new DeliverMessages(conversation.Id));

        Assert.Equal((2, 0), (outcome.Retried, outcome.Refused.Count));
        Assert.Equal(["one", "two"], MetaMessages.Sent.Select(s => s.Text));
        Assert.All(
            await Rows(db => db.Messages.Where(m => m.Id == first.Id || m.Id == second.Id)),
            m => Assert.Equal(MessageStatus.Sent, m.Status));
    }

    [Fact]
    public async Task The_parts_that_waited_for_a_failed_part_are_retried_with_it()
    {
        var picture = await Given(Some.Upload());
        var conversation = await Given(Some.Conversation());
        await Send(new SendMessage(conversation.Id, "Look", AttachmentIds: [picture.Id]));
        MetaMessages.RefuseSends(RefusalClass.Thread);
        await Send(new DeliverMessages(conversation.Id));
        Clock.Advance(TimeSpan.FromHours(1));
        await Send(new DeliverMessages(conversation.Id));
        Assert.Equal([MessageStatus.Failed, MessageStatus.Failed], await Rows(db => db.Messages.OrderBy(m => m.Id).Select(m => m.Status)));

        var ids = await Rows(db => db.Messages.Select(m => m.Id));
        var outcome = await Send(new RetryMessages(ids));

        Assert.Equal((2, 0), (outcome.Retried, outcome.Refused.Count));
        Assert.All(await Rows(db => db.Messages), m => Assert.Equal(MessageStatus.Queued, m.Status));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task Either_ids_or_all_must_be_given(bool all, int ids) =>
        await Assert.ThrowsAsync<ValidationException>(() => Send(new RetryMessages(ids == 0 ? null : [1], All: all)));

    [Fact]
    public async Task Another_organizations_messages_are_neither_listed_nor_retried()
    {
        var theirs = await Given(Failed(Some.Conversation(organizationId: Some.OtherOrganizationId), RefusalClass.Transient));

        Assert.Empty((await Send(new ListFailedMessages())).Items);
        Assert.Equal(0, (await Send(new RetryMessages([theirs.Id]))).Retried);
        Assert.Equal(0, (await Send(new RetryMessages(All: true))).Retried);
        Assert.Empty(Dispatcher.Woken);
    }

    [Fact]
    public async Task After_24_hours_a_persons_message_is_retried_with_the_tag()
    {
        var message = await Given(Failed(Some.Conversation(lastInboundAt: Clock.Now.AddHours(-1)), RefusalClass.Transient));
        Clock.Advance(TimeSpan.FromDays(2));

        await Send(new RetryMessage(message.Id));
        await Send(new DeliverMessages(message.ConversationId));

        Assert.Equal(MessageTag.HumanAgent, Assert.Single(MetaMessages.Sent).Message.Tag);
    }

    [Fact]
    public async Task After_seven_days_a_retry_is_refused()
    {
        var message = await Given(Failed(Some.Conversation(), RefusalClass.Transient));
        Clock.Advance(TimeSpan.FromDays(8));

        Assert.Equal("outside_messaging_window", await RefusalOf(new RetryMessage(message.Id)));
    }

    [Fact]
    public async Task A_person_retrying_softwares_message_does_not_add_the_tag()
    {
        var message = await Given(Failed(Some.Conversation(), RefusalClass.Transient, sender: Some.Software));
        Clock.Advance(TimeSpan.FromDays(2));

        Assert.Equal("outside_messaging_window", await RefusalOf(new RetryMessage(message.Id)));
    }

    [Fact]
    public async Task Software_that_retries_with_the_tag_must_name_a_member()
    {
        var message = await Given(Failed(Some.Conversation(), RefusalClass.Transient));
        Clock.Advance(TimeSpan.FromDays(2));
        Caller.SentBy = Some.Software;

        Assert.Equal("outside_messaging_window", await RefusalOf(new RetryMessage(message.Id)));
        Assert.Equal("human_agent_required", await RefusalOf(new RetryMessage(message.Id, MessageTag.HumanAgent)));
        Assert.Equal("human_agent_required", await RefusalOf(new RetryMessage(message.Id, MessageTag.HumanAgent, Some.OtherAdminId)));

        Assert.Equal(MessageStatus.Queued, (await Send(new RetryMessage(message.Id, MessageTag.HumanAgent, Some.AgentId))).Status);
    }

    private async Task<List<long>> IdsAsync(ListFailedMessages request) => [.. (await Send(request)).Items.Select(f => f.Message.Id)];

    private async Task<string> RefusalOf(RetryMessage request) =>
        (await Assert.ThrowsAsync<DomainException>(() => Send(request))).Code;

    private Message Failed(
        Conversation conversation, RefusalClass refusal, string text = "Hello", int minutesAgo = 1, Sender? sender = null)
    {
        var at = Clock.Now.AddMinutes(-minutesAgo);
        var message = conversation.Compose(new MessageDraft(text), sender ?? Some.Agent, at)[0];
        message.TryClaim(at);
        message.Fail(Some.Refusal(refusal) with { Retryable = refusal is RefusalClass.Transient or RefusalClass.OutcomeUnknown });
        return message;
    }
}
