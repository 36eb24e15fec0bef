using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Outbound;

public class DeliverMessagesTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Messages_leave_in_the_order_they_were_accepted()
    {
        var conversation = await Given(Some.Conversation());
        foreach (var text in new[] { "one", "two", "three" }) await Given(Some.Queued(conversation, text));

        await Send(new DeliverMessages(conversation.Id));

        Assert.Equal(["one", "two", "three"], MetaMessages.Sent.Select(s => s.Text));
        Assert.All(await Rows(db => db.Messages), m => Assert.Equal((MessageStatus.Sent, true), (m.Status, m.ExternalId is not null)));
    }

    [Fact]
    public async Task Before_meta_hears_of_a_message_the_row_says_so()
    {
        var message = await Given(Some.Queued(Some.Conversation()));
        MessageStatus? during = null;
        MetaMessages.OnSend = async _ =>
        {
            during = (await Row(db => db.Messages)).Status;
            return "m_1";
        };

        await Send(new DeliverMessages(message.ConversationId));

        Assert.Equal(MessageStatus.Sending, during);
    }

    [Fact]
    public async Task Two_alarms_at_once_send_once()
    {
        var message = await Given(Some.Queued(Some.Conversation()));
        MetaMessages.OnSend = async _ =>
        {
            await Send(new DeliverMessages(message.ConversationId));
            return "m_1";
        };

        await Send(new DeliverMessages(message.ConversationId));

        Assert.Single(MetaMessages.Sent);
    }

    [Fact]
    public async Task A_transient_refusal_waits_and_holds_back_those_behind_it()
    {
        var conversation = await Given(Some.Conversation());
        await Given(Some.Queued(conversation, "one"));
        await Given(Some.Queued(conversation, "two"));
        MetaMessages.RefuseSends(RefusalClass.Transient);

        await Send(new DeliverMessages(conversation.Id));

        var messages = await Rows(db => db.Messages.OrderBy(m => m.Id));
        Assert.Equal([MessageStatus.Queued, MessageStatus.Queued], messages.Select(m => m.Status));
        Assert.InRange(messages[0].NextAttemptAt!.Value - Clock.Now, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(2));
        Assert.Equal((new DeliverMessages(conversation.Id), messages[0].NextAttemptAt!.Value), Assert.Single(Jobs.Scheduled));
        Assert.Equal(["one"], MetaMessages.Sent.Select(s => s.Text));
    }

    [Fact]
    public async Task A_message_that_is_not_due_is_left_alone()
    {
        var message = await Given(Some.Queued(Some.Conversation()));
        MetaMessages.RefuseSends(RefusalClass.Transient, TimeSpan.FromMinutes(5));
        await Send(new DeliverMessages(message.ConversationId));

        Clock.Advance(TimeSpan.FromMinutes(4));
        await Send(new DeliverMessages(message.ConversationId));

        Assert.Single(MetaMessages.Sent);
    }

    [Fact]
    public async Task After_eight_tries_it_has_failed()
    {
        var message = await Given(Some.Queued(Some.Conversation()));
        MetaMessages.RefuseSends(RefusalClass.Transient);

        for (var i = 0; i < 12; i++)
        {
            await Send(new DeliverMessages(message.ConversationId));
            Clock.Advance(TimeSpan.FromMinutes(61));
        }

        var failed = await Row(db => db.Messages);
        Assert.Equal((MessageStatus.Failed, RetryPolicy.MaxAttempts), (failed.Status, MetaMessages.Sent.Count));
        Assert.Equal("Meta refused: Transient.", failed.Error!.Title);
    }

    [Fact]
    public async Task Being_limited_is_no_try()
    {
        var message = await Given(Some.Queued(Some.Conversation()));
        MetaMessages.RefuseSends(RefusalClass.Rate, TimeSpan.FromMinutes(7));

        await Send(new DeliverMessages(message.ConversationId));

        var waiting = await Row(db => db.Messages);
        Assert.Equal((MessageStatus.Queued, 0, Clock.Now.AddMinutes(7)), (waiting.Status, waiting.Attempts, waiting.NextAttemptAt));
    }

    [Theory]
    [InlineData(RefusalClass.Permission)]
    [InlineData(RefusalClass.Window)]
    [InlineData(RefusalClass.Recipient)]
    [InlineData(RefusalClass.Parameter)]
    [InlineData(RefusalClass.Attachment)]
    [InlineData(RefusalClass.Thread)]
    [InlineData(RefusalClass.Restricted)]
    public async Task What_will_not_change_fails_at_once_with_metas_words(RefusalClass refusal)
    {
        var message = await Given(Some.Queued(Some.Conversation()));
        MetaMessages.RefuseSends(refusal);

        await Send(new DeliverMessages(message.ConversationId));

        var failed = await Row(db => db.Messages);
        Assert.Equal(
            (MessageStatus.Failed, 100, 33, "Atrace", $"Meta refused: {refusal}."),
            (failed.Status, failed.Error!.Code, failed.Error.Subcode, failed.Error.FbtraceId, failed.Error.Title));
        Assert.Empty(Jobs.Scheduled);
    }

    [Fact]
    public async Task A_dead_token_fails_the_message_and_asks_for_a_new_one()
    {
        var message = await Given(Some.Queued(Some.Conversation()));
        MetaMessages.RefuseSends(RefusalClass.Token);

        await Send(new DeliverMessages(message.ConversationId));

        Assert.Equal(MessageStatus.Failed, (await Row(db => db.Messages)).Status);
        var connection = await Row(db => db.Connections);
        Assert.Equal((ConnectionState.ReauthorizationRequired, "Meta refused: Token."), (connection.State, connection.Problem));
    }

    [Fact]
    public async Task Without_a_token_meta_is_not_even_asked()
    {
        var message = await Given(Some.Queued(Some.Conversation()));
        await Change(async db => (await db.Connections.SingleAsync()).RequireReauthorization("expired"));

        await Send(new DeliverMessages(message.ConversationId));

        var failed = await Row(db => db.Messages);
        Assert.Equal((MessageStatus.Failed, RefusalActor.Admin), (failed.Status, failed.Error!.Actor));
        Assert.Empty(MetaMessages.Sent);
    }

    [Fact]
    public async Task A_page_disconnected_while_messages_wait_fails_them()
    {
        var message = await Given(Some.Queued(Some.Conversation(channel: Channel.InstagramDm)));
        await Change(async db => (await db.Connections.SingleAsync()).Disconnect());

        await Send(new DeliverMessages(message.ConversationId));

        Assert.Equal(MessageStatus.Failed, (await Row(db => db.Messages)).Status);
    }

    [Fact]
    public async Task An_instagram_account_unlinked_while_messages_wait_fails_them()
    {
        var message = await Given(Some.Queued(Some.Conversation(channel: Channel.InstagramDm)));
        await Change(async db => (await db.Connections.SingleAsync()).Connect(Some.Page(), null, null, null, Clock.Now));

        await Send(new DeliverMessages(message.ConversationId));

        Assert.Equal(MessageStatus.Failed, (await Row(db => db.Messages)).Status);
    }

    [Fact]
    public async Task Silence_is_neither_success_nor_refusal()
    {
        var conversation = await Given(Some.Conversation());
        var message = await Given(Some.Queued(conversation, "one"));
        await Given(Some.Queued(conversation, "two"));
        MetaMessages.RefuseSends(RefusalClass.OutcomeUnknown);

        await Send(new DeliverMessages(conversation.Id));
        await Send(new DeliverMessages(conversation.Id));

        Assert.Equal([MessageStatus.Sending, MessageStatus.Queued], await Rows(db => db.Messages.OrderBy(m => m.Id).Select(m => m.Status)));
        Assert.Single(MetaMessages.Sent);
        Assert.Equal((new ReconcileSend(message.Id), Clock.Now + Message.ClaimLifetime), Assert.Single(Jobs.Scheduled));
    }

    [Fact]
    public async Task Messenger_gets_metadata_to_come_back_with_the_echo()
    {
        var message = await Given(Some.Queued(Some.Conversation()));

        await Send(new DeliverMessages(message.ConversationId));

        Assert.Equal(message.Metadata, Assert.Single(MetaMessages.Sent).Metadata);
    }

    [Fact]
    public async Task A_limit_holds_all_conversations_of_the_page_and_no_others()
    {
        var connection = Some.Connection();
        var (limited, beside, elsewhere) = (
            await Given(Some.Queued(Some.Conversation(connection: connection))),
            await Given(Some.Queued(Some.Conversation(connection: connection))),
            await Given(Some.Queued(Some.Conversation())));
        MetaMessages.RefuseSends(RefusalClass.Rate, TimeSpan.FromMinutes(7));
        await Send(new DeliverMessages(limited.ConversationId));
        MetaMessages.OnSend = _ => Task.FromResult("");

        await Send(new DeliverMessages(beside.ConversationId));
        await Send(new DeliverMessages(elsewhere.ConversationId));

        var until = Clock.Now.AddMinutes(7);
        var waiting = await Row(db => db.Messages.Where(m => m.Id == beside.Id));
        Assert.Equal((MessageStatus.Queued, until, RefusalActor.Wait), (waiting.Status, waiting.NextAttemptAt, waiting.Error!.Actor));
        Assert.Contains((new DeliverMessages(beside.ConversationId), until), Jobs.Scheduled);
        Assert.Equal(2, MetaMessages.Sent.Count);   // the refused one, and the other Page's
        Assert.Equal(
            until, (await Send(new Application.Conversations.GetConversation(beside.ConversationId))).Connection!.SendsPausedUntil);

        Clock.Advance(TimeSpan.FromMinutes(7));
        await Send(new DeliverMessages(beside.ConversationId));

        Assert.Equal(MessageStatus.Sent, (await Row(db => db.Messages.Where(m => m.Id == beside.Id))).Status);
        Assert.Equal(
            (null, 0),
            await Row(
                db => db.Connections.Where(c => c.Id == connection.Id).Select(c => ValueTuple.Create(c.SendsPausedUntil, c.SendPauses))));
    }

    [Fact]
    public async Task What_meta_restricts_is_not_asked_for_an_hour_and_the_other_channel_goes_on()
    {
        var connection = Some.Connection(igAccountId: Some.Unique("1784"));
        var (met, beside) = (
            await Given(Some.Queued(Some.Conversation(connection: connection))),
            await Given(Some.Queued(Some.Conversation(connection: connection))));
        var instagram = await Given(Some.Queued(Some.Conversation(channel: Channel.InstagramDm, connection: connection)));
        MetaMessages.RefuseSends(RefusalClass.Restricted);
        await Send(new DeliverMessages(met.ConversationId));
        MetaMessages.OnSend = _ => Task.FromResult(Guid.NewGuid().ToString());

        await Send(new DeliverMessages(beside.ConversationId));
        await Send(new DeliverMessages(instagram.ConversationId));

        var until = Clock.Now.AddHours(1);
        var untried = await Row(db => db.Messages.Where(m => m.Id == beside.Id));
        Assert.Equal(
            (MessageStatus.Failed, RefusalClass.Restricted, RefusalActor.Admin, true),
            (untried.Status, untried.Error!.Class, untried.Error.Actor, untried.Error.Retryable));
        Assert.Equal(MessageStatus.Sent, (await Row(db => db.Messages.Where(m => m.Id == instagram.Id))).Status);
        Assert.Equal(2, MetaMessages.Sent.Count);   // the refused one, and Instagram's
        var shown = (await Send(new Application.Conversations.GetConversation(beside.ConversationId))).Connection!;
        Assert.Equal((false, until), (shown.CanSend, shown.RestrictedUntil));
        Assert.Equal("sending_blocked", (await Assert.ThrowsAsync<ConflictException>(() => Send(new RetryMessage(beside.Id)))).Code);

        Clock.Advance(TimeSpan.FromHours(1));
        await Send(new RetryMessage(beside.Id));
        await Send(new DeliverMessages(beside.ConversationId));

        Assert.Equal(MessageStatus.Sent, (await Row(db => db.Messages.Where(m => m.Id == beside.Id))).Status);
    }

    [Fact]
    public async Task A_restriction_is_shown_in_place_of_what_else_there_is_to_look_after()
    {
        var connection = Some.Connection();
        connection.Warn("Grant the permission.");
        var message = await Given(Some.Queued(Some.Conversation(connection: connection)));
        MetaMessages.RefuseSends(RefusalClass.Restricted);

        await Send(new DeliverMessages(message.ConversationId));

        Assert.Equal("Meta refused: Restricted.", (await Row(db => db.Connections)).Problem);
    }

    [Fact]
    public async Task Who_reconnects_a_restricted_page_need_not_wait()
    {
        var message = await Given(Some.Queued(Some.Conversation()));
        MetaMessages.RefuseSends(RefusalClass.Restricted);
        await Send(new DeliverMessages(message.ConversationId));
        await Change(async db => Some.Reconnect(await db.Connections.SingleAsync(), Clock.Now));

        await Send(new RetryMessage(message.Id));

        Assert.Equal(MessageStatus.Queued, (await Row(db => db.Messages)).Status);
    }

    [Fact]
    public async Task A_message_that_was_on_its_way_with_the_old_token_does_not_end_the_new_connection()
    {
        var message = await Given(Some.Queued(Some.Conversation()));
        MetaMessages.OnSend = async _ =>
        {
            await Change(async db => Some.Reconnect(await db.Connections.SingleAsync(), Clock.Now));
            throw Some.Refused(RefusalClass.Token);
        };

        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => Send(new DeliverMessages(message.ConversationId)));

        Assert.Equal(ConnectionState.Active, (await Row(db => db.Connections)).State);
        Assert.Equal(MessageStatus.Sending, (await Row(db => db.Messages)).Status);   // its claim runs out, and it goes with the new token
    }

    [Fact]
    public async Task Without_room_in_the_budget_a_message_is_not_even_claimed()
    {
        var message = await Given(Some.Queued(Some.Conversation()));
        Budget.IsEmpty = true;

        await Send(new DeliverMessages(message.ConversationId));

        Assert.Equal((MessageStatus.Queued, 0), await Row(db => db.Messages.Select(m => ValueTuple.Create(m.Status, m.Attempts))));
        Assert.Empty(MetaMessages.Sent);
        Assert.EndsWith($" messages {message.ConversationId}", Assert.Single(Budget.Taken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instagram_uses_up_the_instagram_accounts_allowance()
    {
        var message = await Given(Some.Queued(Some.Conversation(channel: Channel.InstagramDm)));

        await Send(new DeliverMessages(message.ConversationId));

        Assert.StartsWith($"{message.Conversation.Connection.IgAccountId} ", Assert.Single(Budget.Taken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_waited_past_the_24_hours_goes_as_a_persons_when_a_person_wrote_it()
    {
        var conversation = await Given(Some.Conversation(lastInboundAt: Clock.Now.AddHours(-23.5)));
        await Given(Some.Queued(conversation));
        Clock.Advance(TimeSpan.FromHours(1));

        await Send(new DeliverMessages(conversation.Id));

        Assert.Equal(MessageTag.HumanAgent, Assert.Single(MetaMessages.Sent).Message.Tag);
    }

    [Fact]
    public async Task Past_the_window_software_is_refused_without_asking_meta()
    {
        var conversation = await Given(Some.Conversation(lastInboundAt: Clock.Now.AddHours(-23.5)));
        await Given(conversation.Compose(new MessageDraft("Hello"), new Sender(MessageOrigin.Api, null, "Shop"), Clock.Now)[0]);
        Clock.Advance(TimeSpan.FromHours(1));

        await Send(new DeliverMessages(conversation.Id));

        var failed = await Row(db => db.Messages);
        Assert.Equal((MessageStatus.Failed, RefusalClass.Window), (failed.Status, failed.Error!.Class));
        Assert.Empty(MetaMessages.Sent);
    }

    [Fact]
    public async Task Every_refusal_is_kept_also_when_a_later_try_succeeds()
    {
        var message = await Given(Some.Queued(Some.Conversation()));
        MetaMessages.RefuseSends(RefusalClass.Transient);
        await Send(new DeliverMessages(message.ConversationId));
        MetaMessages.OnSend = _ => Task.FromResult("");
        Clock.Advance(TimeSpan.FromMinutes(1));
        await Send(new DeliverMessages(message.ConversationId));

        var refusal = await Row(db => db.SendRefusals);
        Assert.Equal((message.Id, RefusalClass.Transient, 100, 33), (refusal.MessageId, refusal.Class, refusal.Code, refusal.Subcode));
        Assert.Equal(MessageStatus.Sent, (await Row(db => db.Messages)).Status);
    }

    [Theory]
    [InlineData(RefusalClass.Restricted)]
    [InlineData(RefusalClass.Permission)]
    public async Task What_ails_the_whole_page_is_shown_to_admins(RefusalClass refusal)
    {
        var message = await Given(Some.Queued(Some.Conversation()));
        MetaMessages.OnSend = _ =>
            throw new Application.Common.GraphException(Some.Refusal(refusal) with { Retryable = true, Subcode = 2534122 });

        await Send(new DeliverMessages(message.ConversationId));

        Assert.Equal(
            (ConnectionState.Active, $"Meta refused: {refusal}."),
            await Row(db => db.Connections.Select(c => ValueTuple.Create(c.State, c.Problem!))));
    }

    [Fact]
    public async Task A_conversation_without_work_is_no_error()
    {
        await Send(new DeliverMessages(4711));

        Assert.Empty(MetaMessages.Sent);
    }
}

public class ReconcileSendTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Found_at_meta_means_sent()
    {
        var message = await GivenUnprovenAsync();
        MetaMessages.OnListRecent = _ => [new RemoteMessageBuilder("m_found", "Hello", Some.Now)];

        await Send(new ReconcileSend(message.Id));

        var sent = await Row(db => db.Messages);
        Assert.Equal((MessageStatus.Sent, "m_found"), (sent.Status, sent.ExternalId));
        Assert.Equal([message.ConversationId], Dispatcher.Woken);
    }

    [Fact]
    public async Task Not_found_at_meta_means_that_the_next_try_may_begin()
    {
        var message = await GivenUnprovenAsync();

        await Send(new ReconcileSend(message.Id));

        Assert.Equal(MessageStatus.Queued, (await Row(db => db.Messages)).Status);
        Assert.Equal([message.ConversationId], Dispatcher.Woken);
    }

    [Fact]
    public async Task The_customers_own_words_are_no_proof()
    {
        var message = await GivenUnprovenAsync();
        MetaMessages.OnListRecent = recipient =>
            [new Application.Common.RemoteMessage("m_theirs", recipient.ScopedUserId, "Hello", Some.Now, [])];

        await Send(new ReconcileSend(message.Id));

        Assert.Equal(MessageStatus.Queued, (await Row(db => db.Messages)).Status);
    }

    [Fact]
    public async Task An_older_message_with_the_same_words_is_no_proof()
    {
        var message = await GivenUnprovenAsync();
        MetaMessages.OnListRecent = _ => [new RemoteMessageBuilder("m_old", "Hello", Some.Now.AddMinutes(-1))];

        await Send(new ReconcileSend(message.Id));

        Assert.Equal(MessageStatus.Queued, (await Row(db => db.Messages)).Status);
    }

    [Fact]
    public async Task A_message_that_another_row_claims_is_no_proof()
    {
        var message = await GivenUnprovenAsync();
        await Given(Some.Sent(message.Conversation, "Hello", Some.Now, "m_taken"));
        MetaMessages.OnListRecent = _ => [new RemoteMessageBuilder("m_taken", "Hello", Some.Now)];

        await Send(new ReconcileSend(message.Id));

        Assert.Equal(MessageStatus.Queued, (await Row(db => db.Messages.Where(m => m.Id == message.Id))).Status);
    }

    [Fact]
    public async Task While_meta_cannot_be_asked_it_is_asked_again_and_nothing_is_sent()
    {
        var message = await GivenUnprovenAsync();
        MetaMessages.OnListRecent = _ => throw Some.Refused(RefusalClass.Transient);

        await Send(new ReconcileSend(message.Id));

        Assert.Equal(MessageStatus.Sending, (await Row(db => db.Messages)).Status);
        Assert.Equal((new ReconcileSend(message.Id), Clock.Now.AddMinutes(1)), Assert.Single(Jobs.Scheduled));
        Assert.Empty(Dispatcher.Woken);
    }

    [Fact]
    public async Task That_many_are_asked_about_is_no_reason_to_give_one_up()
    {
        var message = await GivenUnprovenAsync();
        MetaMessages.OnListRecent = _ => throw Some.Refused(RefusalClass.Rate, TimeSpan.FromSeconds(20));
        Clock.Advance(TimeSpan.FromHours(2));

        await Send(new ReconcileSend(message.Id));

        Assert.Equal(MessageStatus.Sending, (await Row(db => db.Messages)).Status);
        Assert.Equal((new ReconcileSend(message.Id), Clock.Now.AddSeconds(20)), Assert.Single(Jobs.Scheduled));
    }

    [Fact]
    public async Task After_an_hour_without_proof_a_person_decides()
    {
        var message = await GivenUnprovenAsync();
        MetaMessages.OnListRecent = _ => throw Some.Refused(RefusalClass.Transient);
        Clock.Advance(TimeSpan.FromHours(1));

        await Send(new ReconcileSend(message.Id));

        var failed = await Row(db => db.Messages);
        Assert.Equal((MessageStatus.Failed, RefusalActor.Agent, true), (failed.Status, failed.Error!.Actor, failed.Error.Retryable));
        Assert.Contains("may have been sent", failed.Error.Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_somebody_holds_the_claim_nobody_asks()
    {
        var message = await Given(Some.Sending(Some.Conversation(), at: Clock.Now));

        await Send(new ReconcileSend(message.Id));

        Assert.Empty(MetaMessages.Calls);
        Assert.Equal(MessageStatus.Sending, (await Row(db => db.Messages)).Status);
    }

    [Fact]
    public async Task What_is_settled_is_not_settled_again()
    {
        var message = await Given(Some.Sent(Some.Conversation()));

        await Send(new ReconcileSend(message.Id));
        await Send(new ReconcileSend(4711));

        Assert.Empty(MetaMessages.Calls);
        Assert.Empty(Dispatcher.Woken);
    }

    [Fact]
    public async Task A_receipt_that_overtook_the_proof_takes_effect_with_it()
    {
        var conversation = Some.Conversation();
        conversation.AdvanceReadUpTo(Some.Now.AddMinutes(1));
        var message = await Given(Some.Sending(conversation, at: Some.Now));
        Clock.Advance(Message.ClaimLifetime);
        MetaMessages.OnListRecent = _ => [new RemoteMessageBuilder("m_found", "Hello", Some.Now)];

        await Send(new ReconcileSend(message.Id));

        Assert.Equal(MessageStatus.Read, (await Row(db => db.Messages)).Status);
    }

    private async Task<Message> GivenUnprovenAsync()
    {
        var message = await Given(Some.Sending(Some.Conversation(), at: Some.Now));
        Clock.Advance(Message.ClaimLifetime);
        return message;
    }

    private sealed record RemoteMessageBuilder(string Mid, string Text, DateTimeOffset At)
    {
        public static implicit operator Application.Common.RemoteMessage(RemoteMessageBuilder message) =>
            new(message.Mid, "the page", message.Text, message.At, []);
    }
}
