using MetaMessaging.Application.Common;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Conversations;

public class ListMessagesTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Newest_first_page_by_page_while_others_arrive()
    {
        var conversation = await Given(Some.Conversation());
        for (var i = 0; i < 7; i++) await Given(Some.Inbound(conversation, $"{i}", Clock.Now.AddMinutes(-i - 1)));

        var first = await Send(new ListMessages(conversation.Id, 3));
        await Given(Some.Inbound(conversation, "newer", Clock.Now));
        var second = await Send(new ListMessages(conversation.Id, 3, first.NextCursor));
        var third = await Send(new ListMessages(conversation.Id, 3, second.NextCursor));

        Assert.Equal(["0", "1", "2", "3", "4", "5", "6"], new[] { first, second, third }.SelectMany(p => p.Items).Select(m => m.Text));
        Assert.Null(third.NextCursor);
    }

    [Fact]
    public async Task A_conversation_of_another_organization_is_not_found()
    {
        var theirs = await Given(Some.Conversation(organizationId: Some.OtherOrganizationId));

        await Assert.ThrowsAsync<NotFoundException>(() => Send(new ListMessages(theirs.Id)));
        await Assert.ThrowsAsync<NotFoundException>(() => Send(new GetConversation(theirs.Id)));
    }

    [Fact]
    public async Task A_reply_shows_the_message_that_it_replies_to()
    {
        var conversation = await Given(Some.Conversation());
        var question = await Given(Some.Inbound(conversation, "Do you have the blue cup?"));
        var answer = Message.Receive(
            conversation, "m_reply", new MessageContent("Well?", [], ReplyToExternalId: question.ExternalId), Clock.Now, Clock.Now);
        answer.LinkReplyTarget(question);
        await Given(answer);

        var shown = await Send(new GetMessage(answer.Id));

        Assert.Equal(
            (question.Id, question.ExternalId, "Do you have the blue cup?"),
            (shown.ReplyTo!.MessageId, shown.ReplyTo.ExternalId, shown.ReplyTo.Text));
    }

    [Fact]
    public async Task A_stored_attachment_has_an_address_of_ours()
    {
        var message = Some.Inbound(
            Some.Conversation(), null, null, null, new AttachmentContent("image", "https://scontent.xx.fbcdn.net/cup.jpg"));
        message.Attachments[0].Store(new StoredMedia("key", null, "image/jpeg", 3, "cup.jpg"));
        await Given(message);

        var attachment = Assert.Single((await Send(new GetMessage(message.Id))).Attachments);

        Assert.Equal(($"/api/attachments/{attachment.Id}/content", AttachmentState.Available), (attachment.Url, attachment.State));
    }
}
