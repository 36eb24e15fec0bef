using MetaMessaging.Application.Common;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Outbound;

public class ReconcileSendTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task A_message_found_at_Meta_is_marked_sent()
    {
        var message = await GivenUnansweredAsync();
        MetaMessages.OnListRecent = _ => [new RemoteMessageBuilder("m_found", "Hello", Some.Now)];

        await Send(new ReconcileSend(message.Id));

        var sent = await Row(db => db.Messages);
        Assert.Equal((MessageStatus.Sent, "m_found"), (sent.Status, sent.ExternalId));
        Assert.Equal([message.ConversationId], Dispatcher.Woken);
    }

    [Fact]
    public async Task A_message_not_found_at_Meta_is_queued_again()
    {
        var message = await GivenUnansweredAsync();

        await Send(new ReconcileSend(message.Id));

        Assert.Equal(MessageStatus.Queued, (await Row(db => db.Messages)).Status);
        Assert.Equal([message.ConversationId], Dispatcher.Woken);
    }

    [Fact]
    public async Task The_customers_own_message_with_the_same_text_does_not_count()
    {
        var message = await GivenUnansweredAsync();
        MetaMessages.OnListRecent = recipient =>
            [new RemoteMessage("m_theirs", recipient.ScopedUserId, "Hello", Some.Now, [])];

        await Send(new ReconcileSend(message.Id));

        Assert.Equal(MessageStatus.Queued, (await Row(db => db.Messages)).Status);
    }

    [Fact]
    public async Task An_older_message_with_the_same_text_does_not_count()
    {
        var message = await GivenUnansweredAsync();
        MetaMessages.OnListRecent = _ => [new RemoteMessageBuilder("m_old", "Hello", Some.Now.AddMinutes(-1))];

        await Send(new ReconcileSend(message.Id));

        Assert.Equal(MessageStatus.Queued, (await Row(db => db.Messages)).Status);
    }

    [Fact]
    public async Task A_mid_of_another_row_does_not_count()
    {
        var message = await GivenUnansweredAsync();
        await Given(Some.Sent(message.Conversation, "Hello", Some.Now, "m_taken"));
        MetaMessages.OnListRecent = _ => [new RemoteMessageBuilder("m_taken", "Hello", Some.Now)];

        await Send(new ReconcileSend(message.Id));

        Assert.Equal(MessageStatus.Queued, (await Row(db => db.Messages.Where(m => m.Id == message.Id))).Status);
    }

    [Fact]
    public async Task While_Meta_cannot_be_read_the_lookup_is_repeated_and_nothing_is_sent()
    {
        var message = await GivenUnansweredAsync();
        MetaMessages.OnListRecent = _ => throw Some.Refused(RefusalClass.Transient);

        await Send(new ReconcileSend(message.Id));

        Assert.Equal(MessageStatus.Sending, (await Row(db => db.Messages)).Status);
        Assert.Equal((new ReconcileSend(message.Id), Clock.Now.AddMinutes(1)), Assert.Single(Jobs.Scheduled));
        Assert.Empty(Dispatcher.Woken);
    }

    [Fact]
    public async Task While_lookups_are_rate_limited_no_message_is_given_up()
    {
        var message = await GivenUnansweredAsync();
        MetaMessages.OnListRecent = _ => throw Some.Refused(RefusalClass.Rate, TimeSpan.FromSeconds(20));
        Clock.Advance(TimeSpan.FromHours(2));

        await Send(new ReconcileSend(message.Id));

        Assert.Equal(MessageStatus.Sending, (await Row(db => db.Messages)).Status);
        Assert.Equal((new ReconcileSend(message.Id), Clock.Now.AddSeconds(20)), Assert.Single(Jobs.Scheduled));
    }

    [Fact]
    public async Task After_an_hour_without_a_lookup_the_message_fails_for_a_person_to_decide()
    {
        var message = await GivenUnansweredAsync();
        MetaMessages.OnListRecent = _ => throw Some.Refused(RefusalClass.Transient);
        Clock.Advance(TimeSpan.FromHours(1));

        await Send(new ReconcileSend(message.Id));

        var failed = await Row(db => db.Messages);
        Assert.Equal((MessageStatus.Failed, RefusalActor.Agent, true), (failed.Status, failed.Error!.Actor, failed.Error.Retryable));
        Assert.Contains("may have been sent", failed.Error.Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_looked_up_before_the_claim_expires()
    {
        var message = await Given(Some.Sending(Some.Conversation(), at: Clock.Now));

        await Send(new ReconcileSend(message.Id));

        Assert.Empty(MetaMessages.Calls);
        Assert.Equal(MessageStatus.Sending, (await Row(db => db.Messages)).Status);
    }

    [Fact]
    public async Task A_message_with_a_known_outcome_is_not_looked_up()
    {
        var message = await Given(Some.Sent(Some.Conversation()));

        await Send(new ReconcileSend(message.Id));
        await Send(new ReconcileSend(4711));

        Assert.Empty(MetaMessages.Calls);
        Assert.Empty(Dispatcher.Woken);
    }

    [Fact]
    public async Task A_receipt_that_arrived_before_the_lookup_is_applied_with_it()
    {
        var conversation = Some.Conversation();
        conversation.AdvanceReadUpTo(Some.Now.AddMinutes(1));
        var message = await Given(Some.Sending(conversation, at: Some.Now));
        Clock.Advance(Message.ClaimLifetime);
        MetaMessages.OnListRecent = _ => [new RemoteMessageBuilder("m_found", "Hello", Some.Now)];

        await Send(new ReconcileSend(message.Id));

        Assert.Equal(MessageStatus.Read, (await Row(db => db.Messages)).Status);
    }

    [Fact]
    public async Task A_receipt_that_arrives_during_the_lookup_is_applied_with_it()
    {
        var message = await GivenUnansweredAsync();
        MetaMessages.OnListRecent = _ =>
        {
            ReadUpTo(Some.Now.AddMinutes(1));
            return [new RemoteMessageBuilder("m_found", "Hello", Some.Now)];
        };

        await Send(new ReconcileSend(message.Id));

        Assert.Equal(MessageStatus.Read, (await Row(db => db.Messages)).Status);
    }

    private void ReadUpTo(DateTimeOffset watermark) => Change(
        async db => (await db.Conversations.SingleAsync()).AdvanceReadUpTo(watermark)).GetAwaiter().GetResult();

    private async Task<Message> GivenUnansweredAsync()
    {
        var message = await Given(Some.Sending(Some.Conversation(), at: Some.Now));
        Clock.Advance(Message.ClaimLifetime);
        return message;
    }

    private sealed record RemoteMessageBuilder(string Mid, string Text, DateTimeOffset At)
    {
        public static implicit operator RemoteMessage(RemoteMessageBuilder message) =>
            new(message.Mid, "the page", message.Text, message.At, []);
    }
}
