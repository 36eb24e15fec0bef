using MetaMessaging.Application.Members;
using MetaMessaging.Domain.Common;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Organizations;

public class RemoveMemberTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Any_number_of_conversations_is_unassigned()
    {
        await AssignAsync(count: 250, Some.AgentId);

        await Send(new RemoveMember(Some.AgentId));

        Assert.Equal(0, await Count(db => db.Conversations.Where(c => c.AssigneeId != null || c.AssigneeName != null)));
        Assert.Equal(0, await Count(db => db.Memberships.Where(m => m.UserId == Some.AgentId)));
    }

    [Fact]
    public async Task The_last_admin_keeps_their_conversations_when_the_removal_is_refused()
    {
        await AssignAsync(count: 3, Some.AdminId);

        var refused = await Assert.ThrowsAsync<ConflictException>(() => Send(new RemoveMember(Some.AdminId)));

        Assert.Equal("last_admin", refused.Code);
        Assert.Equal(3, await Count(db => db.Conversations.Where(c => c.AssigneeId == Some.AdminId)));
    }

    private async Task AssignAsync(int count, long userId)
    {
        for (var i = 0; i < count; i++)
        {
            var conversation = Some.Conversation();
            conversation.Assign(userId, "Somebody");
            await Given(conversation);
        }
    }
}
