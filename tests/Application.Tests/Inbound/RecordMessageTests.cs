using MetaMessaging.Application.Inbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Contacts;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Application.Tests.Inbound;

public class RecordMessageTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task A_text_from_an_unknown_customer_creates_contact_conversation_and_message()
    {
        var connection = await Given(Some.SampleConnection());

        await Receive(Payload.Messenger("message-text"));

        var message = await Row(db => db.Messages.Include(m => m.Conversation.Contact.Facebook));
        Assert.Equal(
            (MessageDirection.Inbound, MessageStatus.Received, MessageOrigin.Contact), (message.Direction, message.Status, message.Origin));
        Assert.Equal(
            (connection.Id, Channel.FacebookMessenger, Some.Psid),
            (message.ConnectionId, message.Channel, message.Conversation.ScopedUserId));
        var contact = message.Conversation.Contact;
        Assert.Equal(("Messenger user 5432", ProfileState.Pending), (contact.Name, contact.ProfileState));
        Assert.Equal((Some.PageId, Some.Psid), (contact.Facebook[0].PageId, contact.Facebook[0].Psid));
        Assert.Equal(new EnrichContact(contact.Id), Assert.Single(Jobs.Enqueued));
    }

    /// <summary>Two nodes process deliveries of one account at once when one of the deliveries names another account first.</summary>
    [Fact]
    public async Task Of_two_messages_that_are_recorded_at_once_the_second_is_refused_until_it_has_read_the_first()
    {
        await Given(Some.SampleConnection());
        await Receive(Payload.Text("one", "m_1"));
        var late = Payload.Text("three", "m_3");

        await InSystem(async scope =>
        {
            var processor = scope.GetRequiredService<InboundProcessor>();
            await processor.ApplyAsync(WebhookPayload.Parse(late, Clock.Now).Events, CancellationToken.None);
            await Receive(Payload.Text("two", "m_2"));
            return await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => processor.SaveAsync(CancellationToken.None));
        });
        await Receive(late);

        Assert.Equal(3, (await Row(db => db.Conversations)).InboundCount);
        Assert.Equal([1, 2, 3], (await Rows(db => db.Messages.OrderBy(m => m.Id))).Select(m => m.InboundNumber));
    }

    [Fact]
    public async Task A_live_update_with_the_ids_follows_the_commit_of_a_message()
    {
        await Given(Some.SampleConnection());

        await Receive(Payload.Messenger("message-text"));

        var message = await Row(db => db.Messages);
        Assert.Contains($"created {Some.OrganizationId} {message.ConversationId} {message.Id}", Live.Pushed);
        Assert.Contains($"conversation {Some.OrganizationId} {message.ConversationId}", Live.Pushed);
    }

    [Fact]
    public async Task A_failed_live_update_does_not_affect_the_message()
    {
        await Given(Some.SampleConnection());
        Live.Failure = new InvalidOperationException("nobody listens");

        var delivery = await Receive(Payload.Messenger("message-text"));

        Assert.Equal(WebhookDeliveryState.Processed, delivery.State);
        Assert.Equal(1, await Count(db => db.Messages));
    }

    [Fact]
    public async Task A_repeated_message_is_stored_once()
    {
        await Given(Some.SampleConnection());
        await Receive(Payload.Messenger("message-text"));

        var again = await Receive(Payload.Messenger("message-text"));

        Assert.Equal(WebhookDeliveryState.Processed, again.State);
        Assert.Equal(1, (await Row(db => db.Conversations)).InboundCount);
        Assert.Equal(1, await Count(db => db.Messages));
    }

    [Fact]
    public async Task A_message_repeated_within_a_delivery_is_stored_once()
    {
        await Given(Some.SampleConnection());
        var item = Payload.Item("message", """{"mid":"m_1","text":"hi"}""");

        await Receive(Payload.Event(Some.PageId, 1760000000001, item, item));

        Assert.Equal(1, await Count(db => db.Messages));
        Assert.Equal(1, (await Row(db => db.Conversations)).InboundCount);
    }

    [Fact]
    public async Task A_person_who_writes_on_both_channels_has_two_contacts_until_they_are_merged()
    {
        await Given(Some.SampleConnection());

        await Receive(Payload.Messenger("message-text"));
        await Receive(Payload.Instagram("message-text"));

        Assert.Equal(
            [Channel.FacebookMessenger, Channel.InstagramDm],
            await Rows(db => db.Conversations.OrderBy(c => c.Id).Select(c => c.Channel)));
        Assert.Equal(2, await Count(db => db.Contacts));
    }

    [Fact]
    public async Task A_late_message_is_sorted_in_and_does_not_become_the_last_message()
    {
        await Given(Some.SampleConnection());
        await Receive(Payload.Text("new", "m_2", at: 1760000010000));

        await Receive(Payload.Text("old", "m_1", at: 1760000000000));

        var conversation = await Row(db => db.Conversations);
        Assert.Equal(("new", 2), (conversation.LastMessagePreview, conversation.InboundCount));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1760000010000), conversation.LastInboundAt);
        Assert.Equal(["old", "new"], await Rows(db => db.Messages.OrderBy(m => m.OccurredAt).Select(m => m.Text)));
    }

    [Fact]
    public async Task A_message_reopens_a_closed_conversation()
    {
        var connection = await Given(Some.SampleConnection());
        var conversation = Some.Conversation(connection: connection, customerId: Some.Psid);
        conversation.Close();
        await Given(conversation);

        await Receive(Payload.Text("still there?", "m_1"));

        Assert.Equal(ConversationStatus.Open, (await Row(db => db.Conversations)).Status);
    }

    [Fact]
    public async Task A_reply_is_linked_to_the_message_it_answers_and_kept_when_that_is_unknown()
    {
        await Given(Some.SampleConnection());
        await Receive(Payload.Text("first", "m_1"));

        await Receive(Payload.Event(Some.PageId, 1760000000777,
            Payload.Item("message", """{"mid":"m_2","text":"known","reply_to":{"mid":"m_1"}}"""),
            Payload.Item("message", """{"mid":"m_3","text":"unknown","reply_to":{"mid":"m_0"}}""")));

        var messages = await Rows(db => db.Messages.OrderBy(m => m.Id));
        Assert.Equal((messages[0].Id, "m_1"), (messages[1].ReplyToMessageId, messages[1].ReplyToExternalId));
        Assert.Equal((null, "m_0"), (messages[2].ReplyToMessageId, messages[2].ReplyToExternalId));
    }

    [Fact]
    public async Task Every_picture_of_a_message_is_downloaded()
    {
        await Given(Some.SampleConnection());

        await Receive(Payload.Messenger("message-images-multiple"));

        var attachments = await Rows(db => db.MessageAttachments);
        Assert.Equal(
            attachments.Select(a => (object)new DownloadAttachment(a.Id)).ToHashSet(),
            Jobs.Enqueued.OfType<DownloadAttachment>().Cast<object>().ToHashSet());
        Assert.All(attachments, a => Assert.Equal((AttachmentState.Pending, "image"), (a.State, a.Type)));
    }

    [Theory]
    [InlineData("message-story-mention")]
    [InlineData("message-shared-story")]
    [InlineData("message-ephemeral")]
    public async Task Story_media_is_not_downloaded(string sample)
    {
        await Given(Some.SampleConnection());

        await Receive(Payload.Instagram(sample));

        Assert.Equal(AttachmentState.Available, (await Row(db => db.MessageAttachments)).State);
        Assert.DoesNotContain(Jobs.Enqueued, j => j is DownloadAttachment);
    }

    [Fact]
    public async Task A_customer_known_from_an_earlier_connection_of_the_page_is_recognized()
    {
        var earlier = Some.SampleConnection();
        var known = await Given(Some.Conversation(connection: earlier, customerId: Some.Psid));
        await Change(async db => (await db.Connections.SingleAsync()).Disconnect());
        var page = Some.Page(igAccountId: Some.IgAccountId);
        await Change(async db => (await db.Connections.SingleAsync()).Connect(page, null, null, null, Clock.Now));

        await Receive(Payload.Messenger("message-text"));

        Assert.Equal(known.ContactId, (await Row(db => db.Contacts)).Id);
        Assert.Equal(known.Id, (await Row(db => db.Messages)).ConversationId);
    }

    [Fact]
    public async Task The_same_customer_id_on_a_page_of_another_organization_is_another_contact()
    {
        await Given(Some.SampleConnection());
        await Given(Some.Connection("999", organizationId: Some.OtherOrganizationId));
        await Receive(Payload.Text("to us", "m_1"));

        await Receive(Payload.Text("to them", "m_1", pageId: "999"));

        Assert.Equal(
            [Some.OrganizationId, Some.OtherOrganizationId],
            await Rows(db => db.Contacts.OrderBy(c => c.Id).Select(c => c.OrganizationId)));
        Assert.Equal(
            [Some.OrganizationId, Some.OtherOrganizationId],
            await Rows(db => db.Messages.OrderBy(m => m.Id).Select(m => m.OrganizationId)));
    }
}
