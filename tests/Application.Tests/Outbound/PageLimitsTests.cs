using MetaMessaging.Application.Common;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Outbound;

public class PageLimitsTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task A_rate_limit_pauses_all_conversations_of_the_page_and_no_others()
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
            until, (await Send(new GetConversation(beside.ConversationId))).Connection!.SendsPausedUntil);

        Clock.Advance(TimeSpan.FromMinutes(7));
        await Send(new DeliverMessages(beside.ConversationId));

        Assert.Equal(MessageStatus.Sent, (await Row(db => db.Messages.Where(m => m.Id == beside.Id))).Status);
        Assert.Equal(
            (null, 0),
            await Row(
                db => db.Connections.Where(c => c.Id == connection.Id).Select(c => ValueTuple.Create(c.SendsPausedUntil, c.SendPauses))));
    }

    [Fact]
    public async Task One_429_without_a_body_delays_what_was_asked_for_and_not_every_conversation_of_the_page()
    {
        var connection = Some.Connection();
        var (limited, beside) = (
            await Given(Some.Queued(Some.Conversation(connection: connection))),
            await Given(Some.Queued(Some.Conversation(connection: connection))));
        MetaMessages.OnSend = _ => throw new GraphException(
            Some.Refusal(RefusalClass.Rate, TimeSpan.FromMinutes(7)) with { Code = null, Subcode = null, ConcernsOneCall = true });
        await Send(new DeliverMessages(limited.ConversationId));
        MetaMessages.OnSend = _ => Task.FromResult(Guid.NewGuid().ToString());

        await Send(new DeliverMessages(beside.ConversationId));

        var delayed = await Row(db => db.Messages.Where(m => m.Id == limited.Id));
        Assert.Equal((MessageStatus.Queued, Clock.Now.AddMinutes(7)), (delayed.Status, delayed.NextAttemptAt));
        Assert.Equal(MessageStatus.Sent, (await Row(db => db.Messages.Where(m => m.Id == beside.Id))).Status);
        Assert.Null((await Row(db => db.Connections)).SendsPausedUntil);
    }

    [Fact]
    public async Task A_restricted_channel_is_not_called_for_an_hour_and_the_other_one_is()
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
        var shown = (await Send(new GetConversation(beside.ConversationId))).Connection!;
        Assert.Equal((false, until), (shown.CanSend, shown.RestrictedUntil));
        Assert.Equal("sending_blocked", (await Assert.ThrowsAsync<ConflictException>(() => Send(new RetryMessage(beside.Id)))).Code);

        Clock.Advance(TimeSpan.FromHours(1));
        await Send(new RetryMessage(beside.Id));
        await Send(new DeliverMessages(beside.ConversationId));

        Assert.Equal(MessageStatus.Sent, (await Row(db => db.Messages.Where(m => m.Id == beside.Id))).Status);
    }

    [Fact]
    public async Task A_restriction_replaces_an_earlier_problem_of_the_connection()
    {
        var connection = Some.Connection();
        connection.Report(ConnectionProblemCode.Permissions, "Grant the permission.", Clock.Now);
        var message = await Given(Some.Queued(Some.Conversation(connection: connection)));
        MetaMessages.RefuseSends(RefusalClass.Restricted);

        await Send(new DeliverMessages(message.ConversationId));

        Assert.Equal("Meta refused: Restricted.", (await Row(db => db.Connections)).Problem);
    }

    [Fact]
    public async Task Reconnecting_a_restricted_page_ends_the_wait()
    {
        var message = await Given(Some.Queued(Some.Conversation()));
        MetaMessages.RefuseSends(RefusalClass.Restricted);
        await Send(new DeliverMessages(message.ConversationId));
        await Change(async db => Some.Reconnect(await db.Connections.SingleAsync(), Clock.Now));

        await Send(new RetryMessage(message.Id));

        Assert.Equal(MessageStatus.Queued, (await Row(db => db.Messages)).Status);
    }

    [Fact]
    public async Task A_refusal_of_the_old_token_does_not_end_a_new_connection()
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
    public async Task Without_budget_a_message_is_not_claimed()
    {
        var message = await Given(Some.Queued(Some.Conversation()));
        Budget.IsEmpty = true;

        await Send(new DeliverMessages(message.ConversationId));

        Assert.Equal((MessageStatus.Queued, 0), await Row(db => db.Messages.Select(m => ValueTuple.Create(m.Status, m.Attempts))));
        Assert.Empty(MetaMessages.Sent);
        Assert.EndsWith($" messages {message.ConversationId}", Assert.Single(Budget.Taken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instagram_messages_count_against_the_Instagram_account()
    {
        var message = await Given(Some.Queued(Some.Conversation(channel: Channel.InstagramDm)));

        await Send(new DeliverMessages(message.ConversationId));

        Assert.StartsWith($"{message.Conversation.Connection.IgAccountId} ", Assert.Single(Budget.Taken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RefusalClass.Restricted)]
    [InlineData(RefusalClass.Permission)]
    public async Task A_problem_of_the_whole_page_is_recorded_on_the_connection(RefusalClass refusal)
    {
        var message = await Given(Some.Queued(Some.Conversation()));
        MetaMessages.OnSend = _ =>
            throw new GraphException(Some.Refusal(refusal) with { Retryable = true, Subcode = 2534122 });

        await Send(new DeliverMessages(message.ConversationId));

        Assert.Equal(
            (ConnectionState.Active, $"Meta refused: {refusal}."),
            await Row(db => db.Connections.Select(c => ValueTuple.Create(c.State, c.Problem!))));
    }
}
