using MetaMessaging.Application.Conversations;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Application.Maintenance;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Application.Tests.Inbound;

/// <summary>Events that arrive before the message or conversation they concern.</summary>
public class EarlyEventsTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Edit_number_zero_waits_for_an_unknown_message_and_then_changes_nothing()
    {
        await Given(Some.SampleConnection());
        await Receive(Payload.Instagram("message-edit-num-zero-bare"));
        var parked = await Row(db => db.ParkedEvents);
        Assert.Equal((nameof(InboundEventKind.Edit), null), (parked.Kind, parked.CustomerId));

        await ReceiveAsync(MetaEvent.Text(parked.Mid, "here I am", 1, channel: Channel.InstagramDm));

        Assert.Equal(("here I am", null), ((await MessageAsync(parked.Mid)).Text, (await MessageAsync(parked.Mid)).EditedAt));
        Assert.Equal(0, await Count(db => db.ParkedEvents));
    }

    [Fact]
    public async Task An_event_that_arrives_before_its_message_is_applied_with_it()
    {
        await Given(Some.SampleConnection());
        var early = await ReceiveAsync(
            MetaEvent.Reaction("m_1", "❤️", 3),
            MetaEvent.Edit("m_1", "edited", 1, 2),
            MetaEvent.Reaction("m_2", "❤️", 3),
            MetaEvent.Unsend("m_2", 4));
        Assert.Equal(WebhookDeliveryState.Processed, early.State);
        Assert.All(early.ReadOutcomes(), o => Assert.Equal(EventOutcomeKind.Parked, o.Kind));
        await ReceiveAsync(MetaEvent.Reaction("m_1", "❤️", 3));
        Assert.Equal(4, await Count(db => db.ParkedEvents));

        await ReceiveAsync(MetaEvent.Text("m_1", "first", 1), MetaEvent.Echo("m_2", "wrong window", 1));

        var message = await MessageAsync("m_1");
        Assert.Equal(("edited", new ReactionModel("contact", "❤️")), (message.Text, Assert.Single(message.Reactions)));
        Assert.True((await MessageAsync("m_2")).IsDeleted);
        Assert.Equal(0, await Count(db => db.ParkedEvents));
        Assert.Equal(2, (await Row(db => db.Conversations)).UnreadCount);
    }

    [Fact]
    public async Task An_event_that_arrives_before_the_mid_of_our_message_is_applied_after_the_send()
    {
        var message = await Given(Some.Queued(Some.Conversation(connection: await Given(Some.SampleConnection()), customerId: Some.Psid)));
        MetaMessages.OnSend = async _ =>
        {
            await ReceiveAsync(MetaEvent.Reaction("m_ours", "❤️", 3));
            return "m_ours";
        };
        await Send(new DeliverMessages(message.ConversationId));

        await Send(Assert.Single(Jobs.Enqueued.OfType<ApplyParkedEvents>()));

        Assert.Equal("❤️", Assert.Single((await MessageAsync("m_ours")).Reactions).Emoji);
        Assert.Equal(0, await Count(db => db.ParkedEvents));
    }

    [Fact]
    public async Task An_event_that_arrives_before_the_echo_of_our_message_is_applied_with_it()
    {
        var message = await Given(Some.Sending(Some.Conversation(connection: await Given(Some.SampleConnection()), customerId: Some.Psid)));
        await ReceiveAsync(MetaEvent.Reaction("m_ours", "❤️", 3));

        var echo = $$"""{"mid":"m_ours","is_echo":true,"metadata":"{{message.Metadata}}","text":"Hello"}""";
        await ReceiveAsync(MetaEvent.Message(echo, 2, byAccount: true));

        Assert.Equal(
            (message.Id, "❤️"), ((await MessageAsync("m_ours")).Id, Assert.Single((await MessageAsync("m_ours")).Reactions).Emoji));
        Assert.Equal(0, await Count(db => db.ParkedEvents));
    }

    [Fact]
    public async Task Changes_of_an_echo_taken_for_external_are_kept_when_it_is_merged_into_our_message()
    {
        var connection = await Given(Some.SampleConnection());
        var conversation = Some.Conversation(connection: connection, channel: Channel.InstagramDm, customerId: Some.Igsid);
        var message = await Given(Some.Queued(conversation));
        MetaMessages.OnSend = async _ =>
        {
            await ReceiveAsync(
                MetaEvent.Echo("m_ours", "Meta has changed the text", 1, channel: Channel.InstagramDm),
                MetaEvent.Reaction("m_ours", "❤️", 2, Channel.InstagramDm));
            await ReceiveAsync(MetaEvent.Text("m_answer", "indeed", 3, replyTo: "m_ours", channel: Channel.InstagramDm));
            return "m_ours";
        };

        await Send(new DeliverMessages(message.ConversationId));

        Assert.Equal("❤️", Assert.Single((await Send(new GetMessage(message.Id))).Reactions).Emoji);
        Assert.Equal(message.Id, (await MessageAsync("m_answer")).ReplyTo!.MessageId);
        Assert.Equal(2, await Count(db => db.Messages));
    }

    [Fact]
    public async Task Recovery_finds_events_that_wait_for_a_message_that_was_sent()
    {
        var message = await Given(Some.Queued(Some.Conversation(connection: await Given(Some.SampleConnection()), customerId: Some.Psid)));
        MetaMessages.OnSend = async _ =>
        {
            await ReceiveAsync(MetaEvent.Reaction("m_1", "❤️", 3), MetaEvent.Reaction("m_2", "❤️", 3));
            return "m_1";
        };
        await Send(new DeliverMessages(message.ConversationId));
        Jobs.Enqueued.Clear();

        await Send(new RecoverOverdueWork(TimeSpan.Zero));
        await Send(Assert.Single(Jobs.Enqueued.OfType<ApplyParkedEvents>()));

        Assert.Equal("❤️", Assert.Single((await Send(new GetMessage(message.Id))).Reactions).Emoji);
        Assert.Equal("m_2", (await Row(db => db.ParkedEvents)).Mid);
    }

    [Fact]
    public async Task Recovery_finds_an_event_whose_message_was_sent_while_it_was_parked()
    {
        var conversation = await Given(Some.Conversation(connection: await Given(Some.SampleConnection()), customerId: Some.Psid));
        var payload = WebhookPayload.Parse(Assert.Single(MetaEvent.Deliver([MetaEvent.Reaction("m_1", "❤️", 3)])), Clock.Now);
        var message = await InSystem(async scope =>
        {
            var processor = scope.GetRequiredService<InboundProcessor>();
            await processor.ApplyAsync(payload.Events, CancellationToken.None);
            var sent = await Given(Some.Sent(conversation, mid: "m_1"));
            await processor.SaveAsync(CancellationToken.None);
            return sent;
        });

        await Send(new RecoverOverdueWork(TimeSpan.Zero));
        await Send(Assert.Single(Jobs.Enqueued.OfType<ApplyParkedEvents>()));

        Assert.Equal("❤️", Assert.Single((await Send(new GetMessage(message.Id))).Reactions).Emoji);
        Assert.Equal(0, await Count(db => db.ParkedEvents));
    }

    [Fact]
    public async Task An_instagram_read_receipt_is_applied_when_its_message_arrives_later()
    {
        await GivenAsync(MetaEvent.Echo("m_0", "earlier", 1, channel: Channel.InstagramDm));
        await ReceiveAsync(MetaEvent.Seen("m_1", 5));

        await ReceiveAsync(MetaEvent.Echo("m_1", "later", 2, channel: Channel.InstagramDm));

        Assert.Equal([MessageStatus.Read, MessageStatus.Read], await Rows(db => db.Messages.Select(m => m.Status)));
    }

    [Fact]
    public async Task A_delivery_receipt_is_applied_when_its_mid_becomes_known_later()
    {
        await GivenAsync(MetaEvent.Text("m_0", "hi", 0));
        await ReceiveAsync(MetaEvent.Delivered(1, "m_1", "m_2"));

        await ReceiveAsync(MetaEvent.Echo("m_1", "its clock is ahead", 60));

        Assert.Equal(MessageStatus.Delivered, (await Row(db => db.Messages.Where(m => m.ExternalId == "m_1"))).Status);
        Assert.Equal("m_2", (await Row(db => db.ParkedEvents)).Mid);
    }

    [Fact]
    public async Task A_watermark_that_arrives_before_the_conversation_is_applied_when_it_begins()
    {
        await Given(Some.SampleConnection());
        await ReceiveAsync(MetaEvent.Read(1));
        await ReceiveAsync(MetaEvent.Read(5));
        await ReceiveAsync(MetaEvent.Read(3));
        await ReceiveAsync(MetaEvent.Echo("m_1", "covered", 4), MetaEvent.Echo("m_2", "not covered", 7));

        Assert.Equal(
            [MessageStatus.Read, MessageStatus.Sent], await Rows(db => db.Messages.OrderBy(m => m.ExternalId).Select(m => m.Status)));
        Assert.Equal(MetaEvent.At(3), (await Row(db => db.Messages.Where(m => m.ExternalId == "m_1"))).ReadAt);
        Assert.Equal(0, await Count(db => db.ParkedEvents));
    }

    [Fact]
    public async Task A_reply_is_linked_when_the_message_it_answers_arrives_later()
    {
        await Given(Some.SampleConnection());
        await ReceiveAsync(MetaEvent.Text("m_2", "second", 2, replyTo: "m_1"), MetaEvent.Echo("m_3", "third", 3, replyTo: "m_1"));

        await ReceiveAsync(MetaEvent.Text("m_1", "first", 1));

        var target = await MessageAsync("m_1");
        Assert.Equal(
            (target.Id, target.Id),
            ((await MessageAsync("m_2")).ReplyTo!.MessageId, (await MessageAsync("m_3")).ReplyTo!.MessageId));
        Assert.Equal(0, await Count(db => db.ParkedEvents));
    }

    private async Task GivenAsync(params MetaEvent[] events)
    {
        await Given(Some.SampleConnection());
        await ReceiveAsync(events);
        Live.Pushed.Clear();
    }

    private Task<WebhookDelivery> ReceiveAsync(params MetaEvent[] events) => Receive(Assert.Single(MetaEvent.Deliver(events)));

    private async Task<MessageModel> MessageAsync(string mid) =>
        await Send(new GetMessage((await Row(db => db.Messages.Where(m => m.ExternalId == mid))).Id));
}
