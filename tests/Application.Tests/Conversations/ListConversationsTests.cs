using FluentValidation;
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
        for (var i = 0; i < 7; i++) await Given(
            Some.Inbound(Some.Conversation(Clock.Now.AddHours(-i - 1)), $"{i}", Clock.Now.AddHours(-i - 1)));

        var first = await Send(new ListConversations(Limit: 3));
        await Given(Some.Inbound(Some.Conversation(Clock.Now), "newer", Clock.Now));
        var second = await Send(new ListConversations(Limit: 3, Cursor: first.NextCursor));
        var third = await Send(new ListConversations(Limit: 3, Cursor: second.NextCursor));

        Assert.Equal(
            ["0", "1", "2", "3", "4", "5", "6"], new[] { first, second, third }.SelectMany(p => p.Items).Select(c => c.LastMessage!.Text));
        Assert.Null(third.NextCursor);
    }

    [Fact]
    public async Task Conversations_of_the_same_time_are_listed_once_each()
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
    public async Task The_inbox_of_one_connection_is_listed_in_its_order_page_by_page()
    {
        var connection = await Given(Some.Connection());
        var ids = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((await Given(Some.Conversation(Clock.Now.AddHours(-i), connection))).Id);
            await Given(Some.Conversation(Clock.Now.AddHours(-i)));
        }

        var first = await Send(new ListConversations(Limit: 2, ConnectionId: connection.Id));
        var second = await Send(new ListConversations(Limit: 2, ConnectionId: connection.Id, Cursor: first.NextCursor));

        Assert.Equal(ids, first.Items.Concat(second.Items).Select(c => c.Id));
        Assert.Empty((await SendAs(Some.OtherOrganizationId, new ListConversations(ConnectionId: connection.Id))).Items);
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
    public async Task Wildcards_and_sql_in_a_search_are_plain_text(string q)
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
        Assert.Equal([conversation.Id], await IdsAsync(new ListConversations(Q: "76540001")));
        Assert.Equal(conversation.ContactId, Assert.Single((await Send(new ListContacts("76540001"))).Items).Id);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(201)]
    public async Task A_limit_below_1_or_above_200_is_refused(int limit) =>
        await Assert.ThrowsAsync<ValidationException>(() => Send(new ListConversations(Limit: limit)));

    [Theory]
    [InlineData("nonsense")]
    [InlineData("////")]
    [InlineData("OTk5OTk5OTk5OTk5OTk5OTk5OTkuMQ")]
    public async Task An_invalid_cursor_is_malformed(string cursor) =>
        await Assert.ThrowsAsync<ValidationException>(() => Send(new ListConversations(Cursor: cursor)));

    [Theory]
    [InlineData("nobody")]
    [InlineData("1.5")]
    [InlineData("")]
    public async Task An_assignee_is_me_none_or_an_id(string assignee) =>
        await Assert.ThrowsAsync<ValidationException>(() => Send(new ListConversations(Assignee: assignee)));

    private async Task<IEnumerable<long>> IdsAsync(ListConversations request) => (await Send(request)).Items.Select(c => c.Id);
}
