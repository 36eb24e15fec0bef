using MetaMessaging.Application.Inbound;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Application.Upkeep;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Upkeep;

public class RecoverOverdueWorkTests(SliceFixture app) : SliceTest(app)
{
    private static readonly TimeSpan Overdue = TimeSpan.FromMinutes(-2);

    [Fact]
    public async Task Queued_messages_are_woken_once_a_conversation_whosever_they_are()
    {
        var ours = await Given(Some.Conversation());
        await Given(Some.Queued(ours));
        await Given(Some.Queued(ours));
        var theirs = await Given(Some.Queued(Some.Conversation(organizationId: Some.OtherOrganizationId)));

        await Send(new RecoverOverdueWork(Overdue));

        Assert.Equal([ours.Id, theirs.ConversationId], Dispatcher.Woken.Order());
    }

    [Fact]
    public async Task A_send_whose_claim_is_long_over_is_settled()
    {
        var message = await Given(Some.Sending(Some.Conversation(), at: Clock.Now));
        Clock.Advance(TimeSpan.FromMinutes(2) + Message.ClaimLifetime);

        await Send(new RecoverOverdueWork(Overdue));

        Assert.Contains(Jobs.Scheduled, s => s.Job.Equals(new ReconcileSend(message.Id)));
    }

    [Fact]
    public async Task Alarms_that_a_running_node_has_set_are_left_to_it()
    {
        await Given(Some.Sending(Some.Conversation(), at: Clock.Now));
        await Given(Some.Inbound(Some.Conversation(), null, Clock.Now, null, new AttachmentContent("image", "https://scontent.xx.fbcdn.net/cup.jpg")));
        Clock.Advance(Message.ClaimLifetime);
        await Change(db => { foreach (var contact in db.Contacts) contact.GiveUpProfile(Clock.Now); return Task.CompletedTask; });

        await Send(new RecoverOverdueWork(Overdue));

        Assert.Empty(Jobs.Scheduled);
        Assert.Empty(Jobs.Enqueued);
    }

    [Fact]
    public async Task At_start_the_alarms_of_the_next_hours_are_set_again()
    {
        var message = await Given(Some.Queued(Some.Conversation()));
        MetaMessages.RefuseSends(RefusalClass.Rate, TimeSpan.FromMinutes(30));
        await Send(new DeliverMessages(message.ConversationId));
        Jobs.Scheduled.Clear();
        await Change(db => { foreach (var contact in db.Contacts) contact.GiveUpProfile(Clock.Now); return Task.CompletedTask; });

        await Send(new RecoverOverdueWork(TimeSpan.FromHours(2)));

        Assert.Equal((new DeliverMessages(message.ConversationId), Clock.Now.AddMinutes(30)), Assert.Single(Jobs.Scheduled));
        Assert.Empty(Dispatcher.Woken);
    }

    [Fact]
    public async Task Profiles_and_downloads_that_were_forgotten_are_asked_for()
    {
        var message = await Given(Some.Inbound(Some.Conversation(), null, Clock.Now, null, new AttachmentContent("image", "https://scontent.xx.fbcdn.net/cup.jpg")));
        Clock.Advance(TimeSpan.FromMinutes(10));

        await Send(new RecoverOverdueWork(Overdue));

        Assert.Equal(
            [new DownloadAttachment(message.Attachments[0].Id), (object)new EnrichContact(message.Conversation.ContactId)],
            Jobs.Scheduled.Select(s => (object)s.Job).OrderBy(j => j.GetType().Name));
    }

    [Fact]
    public async Task Erasures_and_missing_messages_that_were_forgotten_are_looked_after()
    {
        var message = await Given(Some.Inbound(Some.Conversation()));
        var parked = await Given(new ParkedEvent(message.Conversation.Connection, Channel.InstagramDm, "m_unknown", null, "Edit", "{}", "fingerprint", Clock.Now, Clock.Now));
        var now = Clock.Now;
        await Change(db => db.Messages.ExecuteUpdateAsync(set => set.SetProperty(m => m.EraseDueAt, now).SetProperty(m => m.DeletedAt, now)));
        Clock.Advance(TimeSpan.FromMinutes(10));

        await Send(new RecoverOverdueWork(Overdue));

        Assert.Contains(Jobs.Scheduled, s => s.Job.Equals(new EraseUnsentContent(message.Id)));
        Assert.Contains(Jobs.Scheduled, s => s.Job.Equals(new FetchMissingMessage(parked.Id)));
    }

    [Fact]
    public async Task The_inbox_is_looked_through()
    {
        await Send(new RecoverOverdueWork(Overdue));

        Assert.Equal(1, Inbox.Woken);
    }

    [Fact]
    public async Task Runs_of_the_dialog_that_nobody_finished_are_swept()
    {
        await Given(new OAuthState("state", "browser", Some.OrganizationId, Some.AdminId, Clock.Now));
        await Given(new PendingConnection(Some.OrganizationId, Some.AdminId, null, "token", [Some.Page()], Clock.Now));

        await Send(new RecoverOverdueWork(Overdue));
        Assert.Equal((1, 1), (await Count(db => db.OAuthStates), await Count(db => db.PendingConnections)));
        Clock.Advance(TimeSpan.FromMinutes(11));
        await Send(new RecoverOverdueWork(Overdue));

        Assert.Equal((0, 0), (await Count(db => db.OAuthStates), await Count(db => db.PendingConnections)));
    }
}
