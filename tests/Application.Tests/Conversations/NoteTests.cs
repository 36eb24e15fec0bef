using FluentValidation;
using MetaMessaging.Application.Common;
using MetaMessaging.Application.Contacts;
using MetaMessaging.Application.Conversations;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Organizations;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Conversations;

public class NoteTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task A_note_stands_in_the_timeline_and_is_pushed_but_not_sent()
    {
        var conversation = await Given(Some.Conversation());
        await Given(Some.Inbound(conversation));

        var note = await Send(new CreateNote(conversation.Id, " @Anton Berg, who has it? ", [Some.AgentId, Some.AgentId]));

        Assert.Equal(
            ("@Anton Berg, who has it?", new NoteMember(Some.AdminId, "Maria Lind"), new NoteMember(Some.AgentId, "Anton Berg")),
            (note.Text, note.Author, Assert.Single(note.Mentions)));
        var items = (await Send(new ListTimeline(conversation.Id))).Items;
        Assert.Equal([TimelineItemType.Note, TimelineItemType.Message], items.Select(i => i.Type));
        Assert.Equal((note.Id, note.Text, note.Author), (items[0].Note!.Id, items[0].Text, items[0].Note!.Author));
        Assert.Equal([$"conversation {Some.OrganizationId} {conversation.Id}"], Live.Pushed);
        Assert.Empty(Dispatcher.Woken);
        Assert.Equal(1, await Count(db => db.Messages));
    }

    [Fact]
    public async Task Notes_messages_and_entries_of_the_same_time_are_listed_once_each_page_by_page()
    {
        var conversation = await Given(Some.Conversation());
        for (var i = 0; i < 3; i++)
        {
            await Given(Some.Inbound(conversation, $"Message {i}", Clock.Now));
            await Given(new TimelineEntry(conversation, TimelineItemType.Game, $"Entry {i}", "{}", $"{i}", Clock.Now));
            await Send(new CreateNote(conversation.Id, $"Note {i}"));
        }

        foreach (var limit in new[] { 1, 2, 4 })
        {
            var texts = new List<string>();
            string? cursor = null;
            do
            {
                var page = await Send(new ListTimeline(conversation.Id, limit, cursor));
                texts.AddRange(page.Items.Select(i => i.Text));
                cursor = page.NextCursor;
            }
            while (cursor is not null);

            Assert.Equal(
                ["Note 2", "Note 1", "Note 0", "Entry 2", "Entry 1", "Entry 0", "Message 2", "Message 1", "Message 0"], texts);
        }
    }

    [Fact]
    public async Task A_mention_is_unread_until_the_member_reads_the_conversation()
    {
        var conversation = await Given(Some.Conversation());
        await Given(Some.Conversation());
        await Send(new CreateNote(conversation.Id, "@Anton Berg", [Some.AgentId]));
        await Send(new CreateNote(conversation.Id, "@Anton Berg?", [Some.AgentId]));
        await Send(new MarkConversationRead(conversation.Id));
        Assert.Equal((0, 0), (await Send(new CountUnreadMentions()), (await Send(new ListConversations(Mentioned: true))).Items.Count));

        Caller.UserId = Some.AgentId;
        Assert.Equal((1, 1), (await Send(new CountUnreadMentions()), await Send(new CountUnreadMentions(conversation.Id))));
        Assert.Equal([conversation.Id], (await Send(new ListConversations(Mentioned: true))).Items.Select(c => c.Id));
        Assert.Single((await Send(new ListConversations(Mentioned: false))).Items);
        Live.Pushed.Clear();
        await Send(new MarkConversationRead(conversation.Id));

        Assert.Equal(0, await Send(new CountUnreadMentions()));
        Assert.Equal([$"conversation {Some.OrganizationId} {conversation.Id}"], Live.Pushed);
        Assert.Empty(Jobs.Enqueued);   // the customer wrote nothing that could have been seen
    }

    [Fact]
    public async Task Only_active_members_of_the_organization_can_be_mentioned()
    {
        var conversation = await Given(Some.Conversation());
        await Change(db => db.Memberships.Where(m => m.UserId == Some.AgentId)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.State, MembershipState.Deactivated)));

        foreach (var id in new[] { Some.OtherAdminId, Some.AgentId, 4711 })
        {
            Assert.Equal("member_not_found", (await Assert.ThrowsAsync<NotFoundException>(
                () => Send(new CreateNote(conversation.Id, "Hello", [id])))).Code);
        }

        Assert.Equal(0, await Count(db => db.Notes));
    }

    [Fact]
    public async Task A_note_has_a_text_of_4_000_characters_at_most()
    {
        var conversation = await Given(Some.Conversation());

        await Assert.ThrowsAsync<ValidationException>(() => Send(new CreateNote(conversation.Id, "  ")));
        await Assert.ThrowsAsync<ValidationException>(() => Send(new CreateNote(conversation.Id, new string('x', 4001))));
        Assert.Equal(4000, (await Send(new CreateNote(conversation.Id, new string('x', 4000)))).Text.Length);
    }

    [Fact]
    public async Task Its_author_and_admins_delete_a_note_and_the_audit_log_does_not_hold_its_text()
    {
        var conversation = await Given(Some.Conversation());
        var byAdmin = await Send(new CreateNote(conversation.Id, "Peter is moving house"));
        (Caller.UserId, Caller.Roles) = (Some.AgentId, OrganizationRoles.Agent);
        var byAgent = await Send(new CreateNote(conversation.Id, "@Maria Lind", [Some.AdminId]));

        var refused = await Assert.ThrowsAsync<DomainException>(() => Send(new DeleteNote(conversation.Id, byAdmin.Id)));
        await Send(new DeleteNote(conversation.Id, byAgent.Id));
        (Caller.UserId, Caller.Roles) = (Some.AdminId, OrganizationRoles.Admin);
        await Send(new DeleteNote(conversation.Id, byAdmin.Id));

        Assert.Equal("note_of_another_member", refused.Code);
        Assert.Empty((await Send(new ListTimeline(conversation.Id))).Items);
        Assert.Equal(0, await Count(db => db.Mentions));
        Assert.All(
            await Rows(db => db.AuditEntries),
            e => Assert.DoesNotContain("Peter", $"{e.Changes} {e.TargetName}", StringComparison.Ordinal));
        Assert.Equal("note_not_found", (await Assert.ThrowsAsync<NotFoundException>(
            () => Send(new DeleteNote(conversation.Id, byAdmin.Id)))).Code);
    }

    [Fact]
    public async Task Erasing_the_contact_erases_the_notes()
    {
        var conversation = await Given(Some.Conversation());
        await Send(new CreateNote(conversation.Id, "@Anton Berg, her number is 0170 123", [Some.AgentId]));

        await Send(new EraseContact(conversation.ContactId));

        Assert.Equal((0, 0), (await Count(db => db.Notes), await Count(db => db.Mentions)));
    }
}
