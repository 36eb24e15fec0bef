using MetaMessaging.Application.Conversations;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Inbound;

/// <summary>Reactions, edits, unsends, receipts and replies, before and after the message they concern has arrived.</summary>
public class MessageChangesTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task A_reaction_is_shown_on_its_message_and_counts_as_one_unread_message()
    {
        await GivenAsync(MetaEvent.Echo("m_1", "Hello", 1));

        await ReceiveAsync(MetaEvent.Reaction("m_1", "❤️", 2));
        await ReceiveAsync(MetaEvent.Reaction("m_1", "🎉", 3));

        Assert.Equal([new ReactionModel("contact", "🎉")], (await MessageAsync("m_1")).Reactions);
        var conversation = await Row(db => db.Conversations);
        Assert.Equal((1, MetaEvent.At(3)), (conversation.UnreadCount, conversation.LastInboundAt));
    }

    [Fact]
    public async Task A_removed_reaction_does_not_come_back_with_a_late_event()
    {
        await GivenAsync(MetaEvent.Echo("m_1", "Hello", 1));

        await ReceiveAsync(MetaEvent.Reaction("m_1", null, 3));
        await ReceiveAsync(MetaEvent.Reaction("m_1", "❤️", 2));

        Assert.Empty((await MessageAsync("m_1")).Reactions);
        Assert.Equal(0, (await Row(db => db.Conversations)).UnreadCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reaction_is_no_longer_unread_when_its_message_is_unsent(bool messageOfCustomer)
    {
        await GivenAsync(messageOfCustomer
            ? MetaEvent.Text("m_1", "Hello", 1, channel: Channel.InstagramDm)
            : MetaEvent.Echo("m_1", "Hello", 1, channel: Channel.InstagramDm));
        await ReceiveAsync(MetaEvent.Reaction("m_1", "❤️", 2, Channel.InstagramDm));
        Assert.Equal(messageOfCustomer ? 2 : 1, (await Row(db => db.Conversations)).UnreadCount);

        await ReceiveAsync(MetaEvent.Unsend("m_1", 3, Channel.InstagramDm, byAccount: !messageOfCustomer));

        Assert.Equal(0, (await Row(db => db.Conversations)).UnreadCount);
    }

    [Fact]
    public async Task A_reaction_is_unread_until_it_is_removed_and_again_when_the_customer_reacts_again()
    {
        await GivenAsync(MetaEvent.Echo("m_1", "Hello", 1));
        await ReceiveAsync(MetaEvent.Text("m_2", "Hi", 2), MetaEvent.Reaction("m_1", "❤️", 3));

        await ReceiveAsync(MetaEvent.Reaction("m_1", null, 4));
        Assert.Equal(1, (await Row(db => db.Conversations)).UnreadCount);
        await ReceiveAsync(MetaEvent.Reaction("m_1", "🎉", 5));
        Assert.Equal(2, (await Row(db => db.Conversations)).UnreadCount);

        await ReceiveAsync(MetaEvent.Reaction("m_1", null, 6));
        var conversationId = (await Row(db => db.Conversations)).Id;
        await Send(new MarkConversationRead(conversationId));
        await Send(new MarkConversationUnread(conversationId));
        Assert.Equal(1, (await Row(db => db.Conversations)).UnreadCount);
    }

    [Fact]
    public async Task A_reaction_reopens_a_closed_conversation()
    {
        await GivenAsync(MetaEvent.Echo("m_1", "Hello", 1));
        await Change(async db => (await db.Conversations.SingleAsync()).Close());

        await ReceiveAsync(MetaEvent.Reaction("m_1", "❤️", 2));

        Assert.Equal(ConversationStatus.Open, (await Row(db => db.Conversations)).Status);
    }

    [Fact]
    public async Task The_last_edit_wins_in_any_order()
    {
        await GivenAsync(MetaEvent.Text("m_1", "first", 1));

        await ReceiveAsync(MetaEvent.Edit("m_1", "third", 2, 3));
        await ReceiveAsync(MetaEvent.Edit("m_1", "second", 1, 2));

        var message = await MessageAsync("m_1");
        Assert.Equal(("third", MetaEvent.At(3)), (message.Text, message.EditedAt));
        Assert.Equal("third", (await Row(db => db.Conversations)).LastMessagePreview);
    }

    [Fact]
    public async Task Edit_number_zero_changes_nothing()
    {
        await GivenAsync(MetaEvent.Text("m_1", "first", 1));

        var delivery = await ReceiveAsync(MetaEvent.Edit("m_1", "other", 0, 2));

        Assert.Equal(WebhookDeliveryState.Ignored, delivery.State);
        Assert.Equal(("first", null), ((await MessageAsync("m_1")).Text, (await MessageAsync("m_1")).EditedAt));
    }

    [Fact]
    public async Task An_unsent_message_stays_as_deleted_and_its_text_is_nowhere()
    {
        await GivenAsync(
            MetaEvent.Message(
                """
                {
                    "mid":"m_1",
                    "text":"secret",
                    "quick_reply":{"payload":"secret"},
                    "referral":{"ref":"secret"},
                    "attachments":[{"type":"image","payload":{"url":"https://scontent.xx.fbcdn.net/secret.jpg"}}]
                }
                """, 1),
            MetaEvent.Reaction("m_1", "❤️", 2));

        await ReceiveAsync(MetaEvent.Unsend("m_1", 3));

        var message = await MessageAsync("m_1");
        Assert.True(message.IsDeleted);
        Assert.Equal(
            (null, null, null, 0, 0),
            (message.Text, message.QuickReplyPayload, message.Referral, message.Attachments.Count, message.Reactions.Count));
        var left = await Row(db => db.MessageAttachments);
        Assert.Equal((null, null), (left.SourceUrl, left.NextAttemptAt));
        var row = await Row(db => db.Messages);
        Assert.Equal((MetaEvent.At(3), Clock.Now), (row.DeletedAt, row.EraseDueAt));
        Assert.Equal("Message deleted", (await Row(db => db.Conversations)).LastMessagePreview);
        await Send(new EraseUnsentContent(row.Id));
        Assert.Equal(0, await Count(db => db.MessageAttachments));
    }

    [Fact]
    public async Task The_file_of_an_unsent_message_keeps_its_row_until_it_is_erased_and_is_not_shown()
    {
        const string image = """{"type":"image","payload":{"url":"https://scontent.xx.fbcdn.net/secret.jpg"}}""";
        await GivenAsync(MetaEvent.Message($$"""{"mid":"m_1","attachments":[{{image}}]}""", 1));
        var attachment = await Row(db => db.MessageAttachments);
        await Send(new DownloadAttachment(attachment.Id));

        await ReceiveAsync(MetaEvent.Unsend("m_1", 3));

        var kept = await Row(db => db.MessageAttachments);
        Assert.Equal((true, null, null), (kept.StorageKey is not null, kept.SourceUrl, kept.FileName));
        Assert.Empty((await MessageAsync("m_1")).Attachments);
        await Assert.ThrowsAsync<Common.NotFoundException>(() => Send(new GetAttachmentContent(attachment.Id)));
    }

    [Fact]
    public async Task Late_events_do_not_change_a_deleted_message()
    {
        await GivenAsync(MetaEvent.Text("m_1", "secret", 1), MetaEvent.Unsend("m_1", 2));

        await ReceiveAsync(MetaEvent.Edit("m_1", "secret", 1, 3), MetaEvent.Reaction("m_1", "❤️", 4), MetaEvent.Text("m_1", "secret", 1));

        var message = await MessageAsync("m_1");
        Assert.Equal((true, null, null, 0), (message.IsDeleted, message.Text, message.EditedAt, message.Reactions.Count));
    }

    [Fact]
    public async Task Our_own_message_that_is_unsent_in_metas_inbox_stays_as_deleted()
    {
        await GivenAsync(MetaEvent.Echo("m_1", "Hello", 1, channel: Channel.InstagramDm));

        await ReceiveAsync(MetaEvent.Unsend("m_1", 2, Channel.InstagramDm, byAccount: true));

        Assert.True((await MessageAsync("m_1")).IsDeleted);
    }

    [Fact]
    public async Task A_reply_is_linked_when_both_messages_are_in_one_delivery()
    {
        await Given(Some.SampleConnection());

        await ReceiveAsync(MetaEvent.Text("m_1", "first", 1), MetaEvent.Text("m_2", "second", 2, replyTo: "m_1"));

        Assert.Equal((await MessageAsync("m_1")).Id, (await MessageAsync("m_2")).ReplyTo!.MessageId);
    }

    [Fact]
    public async Task Of_two_messages_with_the_same_time_the_one_with_the_greater_mid_is_last()
    {
        await Given(Some.SampleConnection());

        await ReceiveAsync(MetaEvent.Text("m_2", "greater", 1));
        await ReceiveAsync(MetaEvent.Text("m_1", "smaller", 1));

        Assert.Equal("greater", (await Row(db => db.Conversations)).LastMessagePreview);
    }

    [Fact]
    public async Task Every_message_names_the_event_it_was_recorded_from()
    {
        await Given(Some.SampleConnection());

        var delivery = await ReceiveAsync(MetaEvent.Read(1), MetaEvent.Text("m_1", "first", 1), MetaEvent.Echo("m_2", "second", 2));

        Assert.Equal(
            [(delivery.Id, 1), (delivery.Id, 2)],
            (await Rows(db => db.Messages.OrderBy(m => m.ExternalId)))
                .Select(m => (m.WebhookDeliveryId!.Value, m.WebhookEventIndex!.Value)));
    }

    [Fact]
    public async Task A_read_receipt_without_a_customer_is_applied_to_the_conversation_of_its_message()
    {
        await GivenAsync(MetaEvent.Echo("m_1", "Hello", 1, channel: Channel.InstagramDm));

        await Receive(Payload.InstagramEvent("""{"timestamp":1760000009000,"read":{"mid":"m_1"}}"""));

        Assert.Equal(MessageStatus.Read, (await MessageAsync("m_1")).Status);
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
