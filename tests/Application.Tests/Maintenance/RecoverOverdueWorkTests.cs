using MediatR;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Application.Maintenance;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Maintenance;

public class RecoverOverdueWorkTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task The_dispatcher_is_woken_once_for_each_conversation_with_queued_messages_of_every_organization()
    {
        var ours = await Given(Some.Conversation());
        await Given(Some.Queued(ours));
        await Given(Some.Queued(ours));
        var theirs = await Given(Some.Queued(Some.Conversation(organizationId: Some.OtherOrganizationId)));

        await Send(new RecoverOverdueWork());

        Assert.Equal([ours.Id, theirs.ConversationId], Dispatcher.Woken.Order());
    }

    [Fact]
    public async Task A_send_whose_claim_has_expired_is_reconciled()
    {
        var message = await Given(Some.Sending(Some.Conversation(), at: Clock.Now));
        Clock.Advance(TimeSpan.FromMinutes(2) + Message.ClaimLifetime);

        await Send(new RecoverOverdueWork());

        Assert.Contains(Jobs.Scheduled, s => s.Job.Equals(new ReconcileSend(message.Id)));
    }

    [Fact]
    public async Task Jobs_that_a_running_node_has_just_scheduled_are_left_to_it()
    {
        await Given(Some.Sending(Some.Conversation(), at: Clock.Now));
        await Given(Some.Inbound(Some.Conversation(), null, Clock.Now, null, Picture));
        Clock.Advance(Message.ClaimLifetime);
        await GiveUpProfilesAsync();

        await Send(new RecoverOverdueWork());

        Assert.Empty(Jobs.Scheduled);
        Assert.Empty(Jobs.Enqueued);
    }

    [Fact]
    public async Task At_start_the_jobs_of_the_next_hours_are_scheduled_again()
    {
        var message = await Given(Some.Queued(Some.Conversation()));
        MetaMessages.RefuseSends(RefusalClass.Rate, TimeSpan.FromMinutes(30));
        await Send(new DeliverMessages(message.ConversationId));
        Jobs.Scheduled.Clear();
        await GiveUpProfilesAsync();

        await Send(new RecoverOverdueWork(TimeSpan.FromHours(2)));

        Assert.Equal((new DeliverMessages(message.ConversationId), Clock.Now.AddMinutes(30)), Assert.Single(Jobs.Scheduled));
        Assert.Empty(Dispatcher.Woken);
    }

    [Fact]
    public async Task Overdue_profiles_and_downloads_are_scheduled_again()
    {
        var message = await Given(Some.Inbound(Some.Conversation(), null, Clock.Now, null, Picture));
        Clock.Advance(TimeSpan.FromMinutes(10));

        await Send(new RecoverOverdueWork());

        Assert.Equal(
            [new DownloadAttachment(message.Attachments[0].Id), (object)new EnrichContact(message.Conversation.ContactId)],
            Jobs.Scheduled.Select(s => (object)s.Job).OrderBy(j => j.GetType().Name));
    }

    [Fact]
    public async Task Overdue_erasures_and_missing_messages_are_scheduled_again()
    {
        var message = await Given(Some.Inbound(Some.Conversation()));
        var parked = await Given(new ParkedEvent(
            message.Conversation.Connection, Channel.InstagramDm, "m_unknown", null, "Edit", "{}", "fingerprint", Clock.Now, Clock.Now));
        var now = Clock.Now;
        await Change(
            db => db.Messages.ExecuteUpdateAsync(set => set.SetProperty(m => m.EraseDueAt, now).SetProperty(m => m.DeletedAt, now)));
        Clock.Advance(TimeSpan.FromMinutes(10));

        await Send(new RecoverOverdueWork());

        Assert.Contains(Jobs.Scheduled, s => s.Job.Equals(new EraseUnsentContent(message.Id)));
        Assert.Contains(Jobs.Scheduled, s => s.Job.Equals(new FetchMissingMessage(parked.Id)));
    }

    [Fact]
    public async Task The_inbound_worker_is_woken()
    {
        await Send(new RecoverOverdueWork());

        Assert.Equal(1, Inbox.Woken);
    }

    private static AttachmentContent Picture => new("image", "https://scontent.xx.fbcdn.net/cup.jpg");

    private Task GiveUpProfilesAsync() => Change(db =>
    {
        foreach (var contact in db.Contacts) contact.GiveUpProfile(Clock.Now);
        return Task.CompletedTask;
    });
}

public sealed class FailingRecoveryTests
{
    [Fact]
    public async Task A_recovery_that_fails_keeps_no_other_from_running_and_fails_the_job()
    {
        var (before, after) = (new CountingRecovery(), new CountingRecovery());
        IRequestHandler<RecoverOverdueWork, Unit> handler =
            new RecoverOverdueWorkHandler([before, new FailingRecovery(), after], TimeProvider.System);

        var failure = await Assert.ThrowsAsync<AggregateException>(
            () => handler.Handle(new RecoverOverdueWork(), TestContext.Current.CancellationToken));

        Assert.Equal((1, 1), (before.Runs, after.Runs));
        Assert.Equal("out of order", Assert.Single(failure.InnerExceptions).Message);
    }

    private sealed class CountingRecovery : IRecovery
    {
        public int Runs { get; private set; }

        public Task RecoverAsync(DateTimeOffset now, DateTimeOffset horizon, CancellationToken cancellationToken)
        {
            Runs++;
            return Task.CompletedTask;
        }
    }

    private sealed class FailingRecovery : IRecovery
    {
        public Task RecoverAsync(DateTimeOffset now, DateTimeOffset horizon, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("out of order");
    }
}
