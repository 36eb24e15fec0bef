using MetaMessaging.Application.Common;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Application.Operations;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Operations;

public class TraceMessageTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task An_inbound_message_shows_its_delivery_and_others_that_contain_its_mid()
    {
        await Given(Some.SampleConnection());
        var delivery = await Receive(Payload.Text("Hej", "m_traced", at: Clock.Now.ToUnixTimeMilliseconds()));
        var message = await Row(db => db.Messages);
        Clock.Advance(TimeSpan.FromMinutes(3));
        var again = await Receive(Payload.Text("Hej", "m_traced", at: Clock.Now.ToUnixTimeMilliseconds()));
        await Receive(Payload.Text("Hej", "m_another"));

        var trace = await Send(new TraceMessage(message.Id));

        Assert.Equal(("m_traced", Some.Psid, Some.PageId), (trace.ExternalId, trace.CustomerId, trace.AccountId));
        Assert.Equal((delivery.Id, (int?)0, 1), (trace.Delivery!.Id, trace.EventIndex, trace.Delivery.EventCount));
        Assert.Equal([again.Id], trace.Mentions.Select(d => d.Id));
    }

    [Fact]
    public async Task Deliveries_of_the_next_two_days_are_searched_also_when_the_clock_of_a_node_was_ahead()
    {
        await Given(Some.SampleConnection());
        await Receive(Payload.Text("Hej", "m_traced", at: Clock.Now.ToUnixTimeMilliseconds()));
        var message = await Row(db => db.Messages);
        await Given(new WebhookDelivery(Payload.Text("Hej", "m_another"), Clock.Now.AddDays(30)));
        Clock.Advance(TimeSpan.FromDays(1));
        var within = await Receive(Payload.Text("Hej", "m_traced"));
        Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        await Receive(Payload.Text("Hej", "m_traced"));

        var trace = await Send(new TraceMessage(message.Id));

        Assert.Equal([within.Id], trace.Mentions.Select(d => d.Id));
    }

    [Fact]
    public async Task A_refused_message_shows_its_attempts_and_metas_trace_id()
    {
        var message = await Given(Some.Failed(Some.Conversation()));
        Caller.Name = "ops";

        var trace = await Send(new TraceMessage(message.Id));

        Assert.Equal((1, "Atrace", (long?)null), (trace.Attempts, trace.Error!.FbtraceId, trace.DeliveryId));
        Assert.NotNull(trace.LastAttemptAt);
        Assert.Contains(new ReconcileSend(message.Id), JobHistory.Asked);
        Assert.Contains(new DeliverMessages(message.ConversationId), JobHistory.Asked);
    }

    [Fact]
    public async Task Attachments_show_the_state_of_their_downloads()
    {
        var message = await Given(
            Some.Inbound(
                Some.Conversation(), null, Clock.Now, null, new AttachmentContent("image", "https://scontent.xx.fbcdn.net/cup.jpg")));
        var id = message.Attachments[0].Id;
        await Change(async db =>
        {
            var row = await db.MessageAttachments.Include(a => a.Message).SingleAsync(a => a.Id == id);
            row.RecordFailedDownload("503", mayRecover: true, Clock.Now);
        });

        var attachment = Assert.Single((await Send(new TraceMessage(message.Id))).Attachments);

        Assert.Equal(
            (AttachmentState.Pending, 1, "503", true),
            (attachment.State, attachment.Attempts, attachment.Problem, attachment.NextAttemptAt > Clock.Now));
        Assert.Contains(new DownloadAttachment(id), JobHistory.Asked);
    }

    [Fact]
    public async Task Of_a_delivery_of_several_organizations_only_the_id_is_shown()
    {
        var shared = new WebhookDelivery(Payload.Text("Hej", "m_shared"), Clock.Now);
        shared.Finish(
            "page", [EventOutcome.Processed with { OrganizationId = 1 }, EventOutcome.Processed with { OrganizationId = 2 }], Clock.Now);
        await Given(shared);
        var message = await Given(Some.Inbound(Some.Conversation(), mid: "m_shared"));
        await Change(db => db.Messages.ExecuteUpdateAsync(set => set.SetProperty(m => m.WebhookDeliveryId, shared.Id)));

        var trace = await Send(new TraceMessage(message.Id));

        Assert.Equal((shared.Id, true, 0), (trace.DeliveryId, trace.Delivery is null, trace.Mentions.Count));
        await Assert.ThrowsAsync<NotFoundException>(() => SendAs(Some.OtherOrganizationId, new TraceMessage(message.Id)));
    }
}
