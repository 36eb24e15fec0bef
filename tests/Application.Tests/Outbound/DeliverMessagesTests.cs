using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Application.Tests.Outbound;

public class DeliverMessagesTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Messages_are_sent_in_the_order_they_were_accepted()
    {
        var conversation = await Given(Some.Conversation());
        foreach (var text in new[] { "one", "two", "three" }) await Given(Some.Queued(conversation, text));

        await Send(new DeliverMessages(conversation.Id));

        Assert.Equal(["one", "two", "three"], MetaMessages.Sent.Select(s => s.Text));
        Assert.All(await Rows(db => db.Messages), m => Assert.Equal((MessageStatus.Sent, true), (m.Status, m.ExternalId is not null)));
    }

    [Fact]
    public async Task The_claim_is_saved_before_Meta_is_called()
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
    public async Task Two_concurrent_jobs_send_a_message_once()
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

    [Theory]
    [InlineData(11)]   // the call might take until after the end
    [InlineData(30)]
    public async Task A_process_that_was_paused_until_its_claim_had_nearly_ended_does_not_call_Meta(int seconds)
    {
        var message = await Given(Some.Queued(Some.Conversation()));
        await InSystem(async scope =>
        {
            var batch = scope.GetRequiredService<SendBatch>();
            var claimed = Assert.Single(await batch.SaveAndClaimAsync([], [message.ConversationId], CancellationToken.None));
            Clock.Advance(TimeSpan.FromSeconds(seconds));
            var outcome = await scope.GetRequiredService<MessageSender>().SendAsync(claimed);
            return await batch.SaveAndClaimAsync([outcome], [], CancellationToken.None);
        });

        Assert.Empty(MetaMessages.Sent);
        Assert.Equal(MessageStatus.Sending, (await Row(db => db.Messages)).Status);

        Clock.Advance(MessageDelivery.ClaimLifetime - TimeSpan.FromSeconds(seconds));
        await Send(new ReconcileSend(message.Id));
        await Send(new DeliverMessages(message.ConversationId));
        Assert.Single(MetaMessages.Sent);
    }

    [Fact]
    public async Task What_Meta_answers_after_another_process_has_taken_the_message_changes_nothing_unless_it_is_a_mid()
    {
        var message = await Given(Some.Queued(Some.Conversation()));
        var late = await InSystem(async scope =>
        {
            MetaMessages.OnSend = _ => throw Some.Refused(RefusalClass.Parameter);
            var claimed = await scope.GetRequiredService<SendBatch>()
                .SaveAndClaimAsync([], [message.ConversationId], CancellationToken.None);
            return await scope.GetRequiredService<MessageSender>().SendAsync(Assert.Single(claimed));
        });
        Clock.Advance(MessageDelivery.ClaimLifetime);
        await Send(new ReconcileSend(message.Id));
        await InSystem(scope =>
            scope.GetRequiredService<SendBatch>().SaveAndClaimAsync([], [message.ConversationId], CancellationToken.None));

        await InSystem(scope => scope.GetRequiredService<SendBatch>().SaveAndClaimAsync([late], [], CancellationToken.None));
        Assert.Equal(MessageStatus.Sending, (await Row(db => db.Messages)).Status);

        late = late with { Refusal = null, ExternalId = "m_late" };
        await InSystem(scope => scope.GetRequiredService<SendBatch>().SaveAndClaimAsync([late], [], CancellationToken.None));
        Assert.Equal((MessageStatus.Sent, "m_late"), ((await Row(db => db.Messages)).Status, (await Row(db => db.Messages)).ExternalId));
    }

    [Fact]
    public async Task After_a_transient_refusal_the_message_and_those_behind_it_wait()
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
    public async Task A_message_that_is_not_due_is_not_sent()
    {
        var message = await Given(Some.Queued(Some.Conversation()));
        MetaMessages.RefuseSends(RefusalClass.Transient, TimeSpan.FromMinutes(5));
        await Send(new DeliverMessages(message.ConversationId));

        Clock.Advance(TimeSpan.FromMinutes(4));
        await Send(new DeliverMessages(message.ConversationId));

        Assert.Single(MetaMessages.Sent);
    }

    [Fact]
    public async Task After_eight_attempts_the_message_fails()
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
    public async Task A_rate_limit_does_not_count_as_an_attempt()
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
    public async Task A_permanent_refusal_fails_at_once_with_Metas_error(RefusalClass refusal)
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
    public async Task An_invalid_token_fails_the_message_and_requires_reconnecting()
    {
        var message = await Given(Some.Queued(Some.Conversation()));
        MetaMessages.RefuseSends(RefusalClass.Token);

        await Send(new DeliverMessages(message.ConversationId));

        Assert.Equal(MessageStatus.Failed, (await Row(db => db.Messages)).Status);
        var connection = await Row(db => db.Connections);
        Assert.Equal((ConnectionState.ReauthorizationRequired, "Meta refused: Token."), (connection.State, connection.Problem));
    }

    [Fact]
    public async Task Without_a_token_Meta_is_not_called()
    {
        var message = await Given(Some.Queued(Some.Conversation()));
        await Change(async db => (await db.Connections.SingleAsync()).RequireReauthorization("expired", Clock.Now));

        await Send(new DeliverMessages(message.ConversationId));

        var failed = await Row(db => db.Messages);
        Assert.Equal((MessageStatus.Failed, RefusalActor.Admin), (failed.Status, failed.Error!.Actor));
        Assert.Empty(MetaMessages.Sent);
    }

    [Fact]
    public async Task Waiting_messages_fail_when_their_page_is_disconnected()
    {
        var message = await Given(Some.Queued(Some.Conversation(channel: Channel.InstagramDm)));
        await Change(async db => (await db.Connections.SingleAsync()).Disconnect());

        await Send(new DeliverMessages(message.ConversationId));

        Assert.Equal(MessageStatus.Failed, (await Row(db => db.Messages)).Status);
    }

    [Fact]
    public async Task Waiting_messages_fail_when_their_Instagram_account_is_unlinked()
    {
        var message = await Given(Some.Queued(Some.Conversation(channel: Channel.InstagramDm)));
        await Change(async db => (await db.Connections.SingleAsync()).Connect(Some.Page(), null, null, null, Clock.Now));

        await Send(new DeliverMessages(message.ConversationId));

        Assert.Equal(MessageStatus.Failed, (await Row(db => db.Messages)).Status);
    }

    [Fact]
    public async Task Without_an_answer_the_message_stays_sending_and_is_reconciled()
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
    public async Task Messenger_gets_metadata_that_identifies_the_echo()
    {
        var message = await Given(Some.Queued(Some.Conversation()));

        await Send(new DeliverMessages(message.ConversationId));

        Assert.Equal(message.Metadata, Assert.Single(MetaMessages.Sent).Metadata);
    }

    [Fact]
    public async Task A_persons_message_that_waited_past_the_24_hours_is_sent_with_the_tag()
    {
        var conversation = await Given(Some.Conversation(lastInboundAt: Clock.Now.AddHours(-23.5)));
        await Given(Some.Queued(conversation));
        Clock.Advance(TimeSpan.FromHours(1));

        await Send(new DeliverMessages(conversation.Id));

        Assert.Equal(MessageTag.HumanAgent, Assert.Single(MetaMessages.Sent).Message.Tag);
    }

    [Fact]
    public async Task Softwares_message_fails_past_the_window_without_calling_Meta()
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
    public async Task Every_refusal_is_stored_even_if_a_later_attempt_succeeds()
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

    [Fact]
    public async Task A_conversation_without_queued_messages_is_no_error()
    {
        await Send(new DeliverMessages(4711));

        Assert.Empty(MetaMessages.Sent);
    }
}
