using FluentValidation;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Contacts;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Conversations;

public class ListConversationsTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Newest_activity_comes_first_page_by_page_while_others_arrive()
    {
        for (var i = 0; i < 7; i++) await Given(Some.Inbound(Some.Conversation(Clock.Now.AddHours(-i - 1)), $"{i}", Clock.Now.AddHours(-i - 1)));

        var first = await Send(new ListConversations(Limit: 3));
        await Given(Some.Inbound(Some.Conversation(Clock.Now), "newer", Clock.Now));
        var second = await Send(new ListConversations(Limit: 3, Cursor: first.NextCursor));
        var third = await Send(new ListConversations(Limit: 3, Cursor: second.NextCursor));

        Assert.Equal(["0", "1", "2", "3", "4", "5", "6"], new[] { first, second, third }.SelectMany(p => p.Items).Select(c => c.LastMessage!.Text));
        Assert.Null(third.NextCursor);
    }

    [Fact]
    public async Task Conversations_of_the_same_instant_are_neither_lost_nor_doubled()
    {
        for (var i = 0; i < 5; i++) await Given(Some.Conversation(Clock.Now));

        var seen = new List<long>();
        string? cursor = null;
        do
        {
            var page = await Send(new ListConversations(Limit: 2, Cursor: cursor));
            seen.AddRange(page.Items.Select(c => c.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(5, seen.Distinct().Count());
        Assert.Equal(5, seen.Count);
    }

    [Fact]
    public async Task Filters_narrow_the_list()
    {
        var messenger = await Given(Some.Inbound(Some.Conversation()));
        var instagram = await Given(Some.Conversation(channel: Channel.InstagramDm));
        var closed = Some.Conversation();
        closed.Close();
        await Given(closed);
        var mine = Some.Conversation();
        mine.Assign(Some.AdminId, "Maria");
        await Given(mine);

        Assert.Equal([instagram.Id], await IdsAsync(new ListConversations(Channel: Channel.InstagramDm)));
        Assert.Equal([closed.Id], await IdsAsync(new ListConversations(Status: ConversationStatus.Closed)));
        Assert.Equal([mine.Id], await IdsAsync(new ListConversations(Assignee: "me")));
        Assert.Equal([mine.Id], await IdsAsync(new ListConversations(Assignee: "1")));
        Assert.DoesNotContain(mine.Id, await IdsAsync(new ListConversations(Assignee: "none")));
        Assert.Equal([messenger.ConversationId], await IdsAsync(new ListConversations(Unread: true)));
        Assert.Equal(3, (await IdsAsync(new ListConversations(Unread: false))).Count());
        Assert.Equal(1, await Send(new CountUnreadConversations()));
    }

    [Theory]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("\\")]
    [InlineData("' OR 1=1 --")]
    public async Task What_people_search_for_is_text(string q)
    {
        await Given(Some.Conversation());

        Assert.Empty(await IdsAsync(new ListConversations(Q: q)));
        Assert.Empty((await Send(new ListContacts(q))).Items);
    }

    [Fact]
    public async Task A_name_is_found_by_a_part_of_it_in_any_case()
    {
        var conversation = await Given(Some.Conversation(customerId: "76540001"));

        Assert.Equal([conversation.Id], await IdsAsync(new ListConversations(Q: "USER 0001")));
        Assert.Equal(conversation.ContactId, Assert.Single((await Send(new ListContacts("76540001"))).Items).Id);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(201)]
    public async Task A_limit_has_limits(int limit) => await Assert.ThrowsAsync<ValidationException>(() => Send(new ListConversations(Limit: limit)));

    [Theory]
    [InlineData("nonsense")]
    [InlineData("////")]
    [InlineData("OTk5OTk5OTk5OTk5OTk5OTk5OTkuMQ")]
    public async Task A_cursor_that_is_not_ours_is_malformed(string cursor) =>
        await Assert.ThrowsAsync<ValidationException>(() => Send(new ListConversations(Cursor: cursor)));

    [Theory]
    [InlineData("nobody")]
    [InlineData("1.5")]
    [InlineData("")]
    public async Task An_assignee_is_me_none_or_an_id(string assignee) =>
        await Assert.ThrowsAsync<ValidationException>(() => Send(new ListConversations(Assignee: assignee)));

    private async Task<IEnumerable<long>> IdsAsync(ListConversations request) => (await Send(request)).Items.Select(c => c.Id);
}

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
    public async Task Another_organizations_conversation_does_not_exist()
    {
        var theirs = await Given(Some.Conversation(organizationId: Some.OtherOrganizationId));

        await Assert.ThrowsAsync<NotFoundException>(() => Send(new ListMessages(theirs.Id)));
        await Assert.ThrowsAsync<NotFoundException>(() => Send(new GetConversation(theirs.Id)));
    }

    [Fact]
    public async Task A_message_shows_what_it_answers()
    {
        var conversation = await Given(Some.Conversation());
        var question = await Given(Some.Inbound(conversation, "Do you have the blue cup?"));
        var answer = Message.Receive(conversation, "m_reply", new MessageContent("Well?", [], ReplyToExternalId: question.ExternalId), Clock.Now, Clock.Now);
        answer.LinkReplyTarget(question);
        await Given(answer);

        var shown = await Send(new GetMessage(answer.Id));

        Assert.Equal((question.Id, question.ExternalId, "Do you have the blue cup?"), (shown.ReplyTo!.MessageId, shown.ReplyTo.ExternalId, shown.ReplyTo.Text));
    }

    [Fact]
    public async Task An_attachments_address_is_ours_once_it_is_stored()
    {
        var message = Some.Inbound(Some.Conversation(), null, null, null, new AttachmentContent("image", "https://scontent.xx.fbcdn.net/cup.jpg"));
        message.Attachments[0].Store(new StoredMedia("key", null, "image/jpeg", 3, "cup.jpg"));
        await Given(message);

        var attachment = Assert.Single((await Send(new GetMessage(message.Id))).Attachments);

        Assert.Equal(($"/api/attachments/{attachment.Id}/content", AttachmentState.Available), (attachment.Url, attachment.State));
    }
}

public class ListContactsTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task People_who_come_between_two_pages_double_nobody_and_hide_nobody()
    {
        var known = new List<long>();
        for (var i = 0; i < 5; i++) known.Add((await Given(Some.Conversation())).ContactId);

        var seen = new List<long>();
        string? cursor = null;
        do
        {
            var page = await Send(new ListContacts(Limit: 2, Cursor: cursor));
            seen.AddRange(page.Items.Select(c => c.Id));
            cursor = page.NextCursor;
            await Given(Some.Conversation());
        }
        while (cursor is not null && seen.Count < 20);

        Assert.Equal(seen.Distinct().Count(), seen.Count);
        Assert.Empty(known.Except(seen));
    }

    [Fact]
    public async Task A_person_is_found_by_name_and_by_metas_id()
    {
        var conversation = await Given(Some.Conversation(channel: Channel.InstagramDm));
        await Given(Some.Conversation());
        await Send(new RenameContact(conversation.ContactId, "100% Åsa_B"));

        foreach (var q in new[] { "0% Å", "SA_b", conversation.ScopedUserId })
            Assert.Equal([conversation.ContactId], (await Send(new ListContacts(q))).Items.Select(c => c.Id));
        Assert.Empty((await Send(new ListContacts("a%b"))).Items);
    }
}

public class UpdateConversationTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task What_is_absent_stays_as_it_is()
    {
        var conversation = Some.Conversation();
        conversation.Assign(Some.AgentId, "Anton");
        await Given(conversation);

        var changed = await Send(new UpdateConversation(conversation.Id, ConversationStatus.Closed, null, null));

        Assert.Equal((ConversationStatus.Closed, Some.AgentId), (changed.Status, changed.Assignee!.Id));
        Assert.Contains($"conversation {Some.OrganizationId} {conversation.Id}", Live.Pushed);
    }

    [Fact]
    public async Task A_member_is_assigned_by_name_and_taken_away_again()
    {
        var conversation = await Given(Some.Conversation());

        Assert.Equal(new AssigneeModel(Some.AgentId, "Anton Berg"), (await Send(new UpdateConversation(conversation.Id, null, Some.AgentId, null))).Assignee);
        Assert.Null((await Send(new UpdateConversation(conversation.Id, null, 0, null))).Assignee);
    }

    [Fact]
    public async Task Somebody_of_another_organization_is_nobody()
    {
        var conversation = await Given(Some.Conversation());

        Assert.Equal("member_not_found", (await Assert.ThrowsAsync<NotFoundException>(
            () => Send(new UpdateConversation(conversation.Id, null, Some.OtherAdminId, null)))).Code);
    }

    [Fact]
    public async Task Snoozing_needs_a_time_in_the_future()
    {
        var conversation = await Given(Some.Conversation());

        await Assert.ThrowsAsync<ValidationException>(() => Send(new UpdateConversation(conversation.Id, ConversationStatus.Snoozed, null, null)));
        Assert.Equal("snooze_in_the_past", (await Assert.ThrowsAsync<DomainException>(
            () => Send(new UpdateConversation(conversation.Id, ConversationStatus.Snoozed, null, Clock.Now)))).Code);
        var snoozed = await Send(new UpdateConversation(conversation.Id, ConversationStatus.Snoozed, null, Clock.Now.AddHours(1)));
        Assert.Equal((ConversationStatus.Snoozed, Clock.Now.AddHours(1)), (snoozed.Status, snoozed.SnoozedUntil));
        await Assert.ThrowsAsync<ValidationException>(() => Send(new UpdateConversation(conversation.Id, ConversationStatus.Closed, null, Clock.Now.AddHours(1))));
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
    public async Task Reading_sets_unread_to_zero_and_tells_the_customer_once()
    {
        var conversation = await Given(Some.Conversation());
        await Given(Some.Inbound(conversation));

        await Send(new MarkConversationRead(conversation.Id));
        await Send(new MarkConversationRead(conversation.Id));

        Assert.Equal(0, (await Send(new GetConversation(conversation.Id))).UnreadCount);
        Assert.Equal(new TellCustomerSeen(conversation.Id), Assert.Single(Jobs.Enqueued));
    }

    [Theory]
    [InlineData(RefusalClass.Token)]
    [InlineData(RefusalClass.Transient)]
    public async Task A_courtesy_that_meta_refuses_costs_nothing(RefusalClass refusal)
    {
        var conversation = await Given(Some.Conversation());
        MetaMessages.OnMarkSeen = _ => throw Some.Refused(refusal);

        await Send(new TellCustomerSeen(conversation.Id));
        await Send(new TellCustomerSeen(4711));

        Assert.Single(MetaMessages.Calls);
    }
}

public class ListTimelineTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task A_stretch_holds_what_happened_in_it_oldest_first()
    {
        var conversation = await Given(Some.Conversation(Clock.Now.AddHours(-9)));
        foreach (var hours in new[] { 1, 5, 3 })
        {
            var at = Clock.Now.AddHours(-hours);
            await Given(new TimelineEntry(conversation, TimelineEntryKind.Referral, $"{hours}", "{}", $"{hours}", at));
        }

        Assert.Equal(["5", "3", "1"], (await Send(new ListTimeline(conversation.Id, null, null))).Select(e => e.Text));
        Assert.Equal(["3", "1"], (await Send(new ListTimeline(conversation.Id, Clock.Now.AddHours(-3), null))).Select(e => e.Text));
        Assert.Equal(["5"], (await Send(new ListTimeline(conversation.Id, null, Clock.Now.AddHours(-3)))).Select(e => e.Text));
    }
}
