using CsCheck;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;

namespace MetaMessaging.Domain.Tests;

public sealed class MessageTests
{
    private static readonly DateTimeOffset Now = new(2025, 10, 9, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_message_is_claimed_once()
    {
        var message = ConversationTests.NewQueued();

        Assert.True(message.TryClaim(Now));
        Assert.False(message.TryClaim(Now));
        Assert.False(message.TryClaim(Now + Message.ClaimLifetime));
        Assert.Equal(
            (MessageStatus.Sending, 1, Now + Message.ClaimLifetime, Now),
            (message.Status, message.Attempts, message.ClaimedUntil, message.LastAttemptAt));
    }

    [Fact]
    public void A_waiting_message_cannot_be_claimed_before_it_is_due()
    {
        var message = Claimed();
        message.RecordRefusal(Refusal(RefusalClass.Transient, TimeSpan.FromSeconds(10)), Now, 0);

        Assert.False(message.TryClaim(Now.AddSeconds(10).AddTicks(-1)));
        Assert.True(message.TryClaim(Now.AddSeconds(10)));
    }

    [Fact]
    public void The_status_never_moves_backwards_in_any_order_of_calls()
    {
        Action<Message>[] happenings =
        [
            m => m.TryClaim(Now.AddDays(1)),
            m => m.MarkSent("mid", Now),
            m => m.CorrectSentAt(Now),
            m => m.MarkDelivered(Now),
            m => m.MarkRead(Now),
        ];

        Gen.Int[0, happenings.Length - 1].Select(index => happenings[index]).List[0, 20].Sample(list =>
        {
            var message = ConversationTests.NewQueued();
            var highest = message.Status;
            foreach (var happening in list)
            {
                happening(message);
                Assert.True(message.Status >= highest);
                highest = message.Status;
            }
        });
    }

    [Fact]
    public void A_receipt_does_not_change_a_message_that_was_not_sent()
    {
        var message = ConversationTests.NewQueued();

        message.MarkDelivered(Now);
        message.MarkRead(Now);

        Assert.Equal(MessageStatus.Queued, message.Status);
    }

    [Fact]
    public void Only_a_confirmation_or_a_retry_changes_a_failed_message()
    {
        var message = Claimed();
        message.RecordRefusal(Refusal(RefusalClass.Parameter), Now, 0);
        Assert.Equal(MessageStatus.Failed, message.Status);

        message.MarkDelivered(Now);
        message.MarkRead(Now);
        Assert.False(message.TryClaim(Now.AddDays(1)));
        Assert.Equal(MessageStatus.Failed, message.Status);

        message.MarkSent("mid", Now);
        Assert.Equal((MessageStatus.Sent, null), (message.Status, message.Error));
    }

    [Fact]
    public void A_retry_resets_attempts_and_error()
    {
        var message = Claimed();
        message.RecordRefusal(Refusal(RefusalClass.Parameter), Now, 0);

        message.Retry([], asHumanAgent: false, Now);

        Assert.Equal((MessageStatus.Queued, 0, null), (message.Status, message.Attempts, message.Error));
        Assert.Equal("message_not_failed", Assert.Throws<ConflictException>(() => message.Retry([], asHumanAgent: false, Now)).Code);
    }

    [Fact]
    public void A_refusal_after_the_echo_is_ignored()
    {
        var message = Claimed();
        message.MarkSent("mid", Now);

        message.RecordRefusal(Refusal(RefusalClass.Parameter), Now, 0);

        Assert.Equal(MessageStatus.Sent, message.Status);
    }

    [Fact]
    public void After_eight_attempts_the_message_fails()
    {
        var message = ConversationTests.NewQueued();
        var now = Now;
        for (var attempt = 1; attempt <= RetryPolicy.MaxAttempts; attempt++)
        {
            Assert.Equal(MessageStatus.Queued, message.Status);
            Assert.True(message.TryClaim(now));
            message.RecordRefusal(Refusal(RefusalClass.Transient), now, 1);
            now = message.NextAttemptAt ?? now;
        }

        Assert.Equal((MessageStatus.Failed, 8), (message.Status, message.Attempts));
    }

    [Fact]
    public void Each_rate_limit_in_a_row_doubles_the_pages_pause()
    {
        var message = ConversationTests.NewQueued();
        var connection = message.Conversation.Connection;
        var now = Now;
        var minutes = new List<double>();
        for (var i = 0; i < 8; i++)
        {
            Assert.True(message.TryClaim(now));
            message.RecordRefusal(Refusal(RefusalClass.Rate), now, 0);
            minutes.Add((connection.SendsPausedUntil!.Value - now).TotalMinutes);
            Assert.Equal((connection.SendsPausedUntil, 0), (message.NextAttemptAt, message.Attempts));
            now = connection.SendsPausedUntil!.Value;
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], minutes);
        connection.ResumeSends();
        Assert.Equal((null, 0), (connection.SendsPausedUntil, connection.SendPauses));
    }

    [Fact]
    public void Concurrent_refused_calls_begin_one_pause()
    {
        var first = ConversationTests.NewQueued();
        var connection = first.Conversation.Connection;
        first.TryClaim(Now);
        first.RecordRefusal(Refusal(RefusalClass.Rate), Now.AddSeconds(1), 0);
        var until = connection.SendsPausedUntil;

        connection.PauseSends(null, Now, Now.AddSeconds(2), 1);
        Assert.Equal((until, 1), (connection.SendsPausedUntil, connection.SendPauses));

        connection.PauseSends(TimeSpan.FromMinutes(19), Now, Now.AddSeconds(2), 1);
        Assert.Equal((Now.AddSeconds(2).AddMinutes(19), 1), (connection.SendsPausedUntil, connection.SendPauses));
    }

    [Fact]
    public void A_message_waits_while_its_page_is_paused_and_shows_why()
    {
        var message = ConversationTests.NewQueued();

        Assert.False(message.WaitForPage(null, Now));
        Assert.False(message.WaitForPage(Now, Now));
        Assert.True(message.WaitForPage(Now.AddMinutes(5), Now));
        Assert.False(message.WaitForPage(Now.AddMinutes(5), Now));

        Assert.Equal(
            (MessageStatus.Queued, Now.AddMinutes(5), RefusalClass.Rate), (message.Status, message.NextAttemptAt, message.Error!.Class));
        Assert.False(message.TryClaim(Now.AddMinutes(4)));
        Assert.True(message.TryClaim(Now.AddMinutes(5)));
        Assert.Null(message.Error);
    }

    [Fact]
    public void A_message_without_an_answer_stays_sending_until_it_is_looked_up()
    {
        var message = Claimed();
        message.RecordRefusal(Refusal(RefusalClass.OutcomeUnknown), Now, 0);
        Assert.Equal(MessageStatus.Sending, message.Status);

        message.RequeueUnsent(Now);
        Assert.Equal(MessageStatus.Sending, message.Status);   // the claim is not over

        message.RequeueUnsent(Now + Message.ClaimLifetime);
        Assert.Equal(MessageStatus.Queued, message.Status);
    }

    [Fact]
    public void The_echos_time_replaces_ours()
    {
        var message = Claimed();
        message.MarkSent("mid", Now);

        message.CorrectSentAt(Now.AddMilliseconds(-300));

        Assert.Equal(Now.AddMilliseconds(-300), message.SentAt);
    }

    [Fact]
    public void Delays_grow_from_two_seconds_to_an_hour()
    {
        var delays = Enumerable.Range(1, RetryPolicy.MaxAttempts).Select(attempts => RetryPolicy.Backoff.DelayAfter(attempts, 1)).ToList();

        Assert.Equal(TimeSpan.FromSeconds(2), delays[0]);
        Assert.Equal(TimeSpan.FromHours(1), delays[^1]);
        Assert.Equal(delays.Order(), delays);
        Assert.All(
            Enumerable.Range(1, 20),
            attempts => Assert.InRange(RetryPolicy.Backoff.DelayAfter(attempts, 0.5), TimeSpan.FromSeconds(1.5), TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Jitter_spreads_a_delay_over_its_last_quarter()
    {
        Assert.Equal(TimeSpan.FromSeconds(1.5), RetryPolicy.Backoff.DelayAfter(1, 0));
        Assert.Equal(TimeSpan.FromMinutes(45), RetryPolicy.Backoff.DelayAfter(100, 0));
    }

    private static Message Claimed()
    {
        var message = ConversationTests.NewQueued();
        message.TryClaim(Now);
        return message;
    }

    private static Refusal Refusal(RefusalClass @class, TimeSpan? retryAfter = null) =>
        new(@class, 1, null, null, "No.", null, RefusalActor.Wait, true, retryAfter);
}
