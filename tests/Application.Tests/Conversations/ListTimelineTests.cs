using MetaMessaging.Application.Conversations;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Conversations;

public class ListTimelineTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task The_timeline_of_a_time_span_holds_its_entries_oldest_first()
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
