using FluentValidation;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Organizations;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Conversations;

public class UpdateConversationTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Members_that_are_absent_stay_unchanged()
    {
        var conversation = Some.Conversation();
        conversation.Assign(Some.AgentId, "Anton");
        await Given(conversation);

        var changed = await Send(new UpdateConversation(conversation.Id, ConversationStatus.Closed, null, null));

        Assert.Equal((ConversationStatus.Closed, Some.AgentId), (changed.Status, changed.Assignee!.Id));
        Assert.Contains($"conversation {Some.OrganizationId} {conversation.Id}", Live.Pushed);
    }

    [Fact]
    public async Task A_member_can_be_assigned_and_unassigned()
    {
        var conversation = await Given(Some.Conversation());

        Assert.Equal(
            new AssigneeModel(Some.AgentId, "Anton Berg"),
            (await Send(new UpdateConversation(conversation.Id, null, Some.AgentId, null))).Assignee);
        Assert.Null((await Send(new UpdateConversation(conversation.Id, null, 0, null))).Assignee);
    }

    [Fact]
    public async Task A_user_of_another_organization_cannot_be_assigned()
    {
        var conversation = await Given(Some.Conversation());

        Assert.Equal("member_not_found", (await Assert.ThrowsAsync<NotFoundException>(
            () => Send(new UpdateConversation(conversation.Id, null, Some.OtherAdminId, null)))).Code);
    }

    [Fact]
    public async Task Snoozing_needs_a_time_in_the_future()
    {
        var conversation = await Given(Some.Conversation());

        await Assert.ThrowsAsync<ValidationException>(
            () => Send(new UpdateConversation(conversation.Id, ConversationStatus.Snoozed, null, null)));
        Assert.Equal("snooze_in_the_past", (await Assert.ThrowsAsync<DomainException>(
            () => Send(new UpdateConversation(conversation.Id, ConversationStatus.Snoozed, null, Clock.Now)))).Code);
        var snoozed = await Send(new UpdateConversation(conversation.Id, ConversationStatus.Snoozed, null, Clock.Now.AddHours(1)));
        Assert.Equal((ConversationStatus.Snoozed, Clock.Now.AddHours(1)), (snoozed.Status, snoozed.SnoozedUntil));
        await Assert.ThrowsAsync<ValidationException>(
            () => Send(new UpdateConversation(conversation.Id, ConversationStatus.Closed, null, Clock.Now.AddHours(1))));
    }

    [Fact]
    public async Task A_snooze_ends_by_itself()
    {
        var conversation = await Given(Some.Conversation());
        await Send(new UpdateConversation(conversation.Id, null, null, Clock.Now.AddHours(1)));
        Assert.Empty((await Send(new ListConversations(Status: ConversationStatus.Open))).Items);
        Assert.Single((await Send(new ListConversations(Status: ConversationStatus.Snoozed))).Items);

        Clock.Advance(TimeSpan.FromHours(1));

        var open = Assert.Single((await Send(new ListConversations(Status: ConversationStatus.Open))).Items);
        Assert.Equal((ConversationStatus.Open, null), (open.Status, open.SnoozedUntil));
        Assert.Empty((await Send(new ListConversations(Status: ConversationStatus.Snoozed))).Items);
    }

    [Fact]
    public async Task Marking_as_read_sets_unread_to_zero_and_schedules_mark_seen_once()
    {
        var conversation = await Given(Some.Conversation());
        await Given(Some.Inbound(conversation));

        await Send(new MarkConversationRead(conversation.Id));
        await Send(new MarkConversationRead(conversation.Id));

        Assert.Equal(0, (await Send(new GetConversation(conversation.Id))).UnreadCount);
        Assert.Equal(new SendMarkSeen(conversation.Id), Assert.Single(Jobs.Enqueued));
    }

    [Fact]
    public async Task A_conversation_is_unread_again_from_its_last_inbound_message_that_was_not_unsent()
    {
        var conversation = await Given(Some.Conversation());
        await Given(Some.Inbound(conversation, "Hello"));
        await Given(Some.Inbound(conversation, "Two cups"));
        var unsent = Some.Inbound(conversation, "or three");
        unsent.Unsend(Clock.Now, Clock.Now);
        await Given(unsent);
        await Send(new MarkConversationRead(conversation.Id));
        Live.Pushed.Clear();

        await Send(new MarkConversationUnread(conversation.Id));
        await Send(new MarkConversationUnread(conversation.Id));

        Assert.Equal(1, (await Send(new GetConversation(conversation.Id))).UnreadCount);
        Assert.Single((await Send(new ListConversations(Unread: true))).Items);
        Assert.Equal([$"conversation {Some.OrganizationId} {conversation.Id}"], Live.Pushed);
        await Send(new MarkConversationRead(conversation.Id));
        Assert.Equal(0, (await Send(new GetConversation(conversation.Id))).UnreadCount);
    }

    [Fact]
    public async Task Without_an_inbound_message_a_conversation_stays_read()
    {
        var conversation = await Given(Some.Conversation());

        await Send(new MarkConversationUnread(conversation.Id));

        Assert.Equal(0, (await Send(new GetConversation(conversation.Id))).UnreadCount);
    }

    [Fact]
    public async Task Active_members_who_are_agents_can_be_chosen_and_the_caller_is_the_first_of_them()
    {
        Caller.UserId = Some.AgentId;
        await Change(db => db.Memberships.Where(m => m.UserId == Some.AdminId)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.Roles, OrganizationRoles.Admin | OrganizationRoles.Agent)));
        Assert.Equal([Some.AgentId, Some.AdminId], (await Send(new ListAssignees())).Select(a => a.Id));

        await Change(db => db.Memberships.Where(m => m.UserId == Some.AdminId)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.State, MembershipState.Deactivated)));

        Assert.Equal([new AssigneeModel(Some.AgentId, "Anton Berg")], await Send(new ListAssignees()));
    }

    [Theory]
    [InlineData(RefusalClass.Token)]
    [InlineData(RefusalClass.Transient)]
    public async Task A_refused_mark_seen_is_not_an_error(RefusalClass refusal)
    {
        var conversation = await Given(Some.Conversation());
        MetaMessages.OnMarkSeen = _ => throw Some.Refused(refusal);

        await Send(new SendMarkSeen(conversation.Id));
        await Send(new SendMarkSeen(4711));

        Assert.Single(MetaMessages.Calls);
    }
}
