using MetaMessaging.Application.Conversations;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Conversations;

public class NoticeTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task A_new_message_concerns_the_assignee_or_all_when_nobody_is_assigned()
    {
        var conversation = Some.Conversation();
        var inbound = Some.Inbound(conversation, "Do you have the blue cup?");
        await Given(inbound);
        var reply = await Given(Some.Sent(conversation));

        var notice = await Send(new FindMessageNotice(inbound.Id));
        Assert.Equal((conversation.Id, "Do you have the blue cup?"), (notice!.ConversationId, notice.Text));
        Assert.Null(await Send(new FindMessageNotice(reply.Id)));

        await Send(new UpdateConversation(conversation.Id, null, Some.AgentId, null));
        Assert.Null(await Send(new FindMessageNotice(inbound.Id)));
        Caller.UserId = Some.AgentId;
        Assert.NotNull(await Send(new FindMessageNotice(inbound.Id)));
    }

    [Fact]
    public async Task The_newest_unread_mention_names_its_author()
    {
        var conversation = await Given(Some.Conversation());
        Assert.Null(await Send(new FindMentionNotice()));
        await Send(new CreateNote(conversation.Id, "@Anton Berg", [Some.AgentId]));
        var note = await Send(new CreateNote(conversation.Id, "@Anton Berg, please", [Some.AgentId]));

        Caller.UserId = Some.AgentId;
        Assert.Equal(
            new NoticeModel(note.Id, conversation.Id, "Maria Lind mentioned you", "@Anton Berg, please"),
            await Send(new FindMentionNotice()));
        await Send(new MarkConversationRead(conversation.Id));
        Assert.Null(await Send(new FindMentionNotice()));
    }
}
