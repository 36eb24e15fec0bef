using MetaMessaging.Application.Conversations;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Conversations;

public class GetTimelinePartTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task A_message_is_shown_with_what_surrounds_it_and_the_rest_follows_in_both_directions()
    {
        var conversation = await Given(Some.Conversation());
        var messages = new List<Message>();
        for (var i = 0; i < 240; i++)   // pairs of the same time
            messages.Add(await Given(Some.Inbound(conversation, $"{i}", Some.Now.AddMinutes(-240 + (i / 2)))));
        foreach (var at in new[] { 30, 31, 77, 110 })
            await Given(new Note(1, conversation.Id, Some.AgentId, $"n{at}", [], Some.Now.AddMinutes(-240 + at)));
        var whole = new List<TimelineItemModel>();
        for (string? cursor = null; whole.Count == 0 || cursor is not null;)
        {
            var page = await Send(new ListTimeline(conversation.Id, 200, cursor));
            whole.AddRange(page.Items);
            cursor = page.NextCursor;
        }

        foreach (var target in new[] { 0, 60, 61, 62, 239 })
        {
            var part = await Send(new GetTimelinePart(conversation.Id, Around: messages[target].Id));
            Assert.InRange(part.Items.Count, 25, 50);
            Assert.Contains(part.Items, i => i.Message?.Id == messages[target].Id);
            var items = part.Items.ToList();
            for (var older = part.Older; older is not null;)
            {
                var next = await Send(new GetTimelinePart(conversation.Id, Older: older));
                items.AddRange(next.Items);
                older = next.Older;
            }

            for (var newer = part.Newer; newer is not null;)
            {
                var next = await Send(new GetTimelinePart(conversation.Id, Newer: newer));
                items.InsertRange(0, next.Items);
                newer = next.Newer;
            }

            Assert.Equal(whole.Select(i => (i.Type, i.Id)), items.Select(i => (i.Type, i.Id)));
        }
    }

    [Fact]
    public async Task A_message_of_another_conversation_or_one_that_is_gone_shows_the_end()
    {
        var conversation = await Given(Some.Conversation());
        var message = await Given(Some.Inbound(conversation));
        var elsewhere = await Given(Some.Inbound(await Given(Some.Conversation())));

        foreach (var id in new[] { elsewhere.Id, 4711 })
        {
            var part = await Send(new GetTimelinePart(conversation.Id, Around: id));
            Assert.Equal(message.Id, Assert.Single(part.Items).Id);
            Assert.Null(part.Newer);
        }
    }
}
