using MetaMessaging.Application.Conversations;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Conversations;

public class EndSnoozesTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task A_conversation_is_opened_and_shown_when_its_snooze_is_over()
    {
        var over = await Given(Snoozed(Clock.Now.AddMinutes(5)));
        var later = await Given(Snoozed(Clock.Now.AddHours(1)));
        Clock.Advance(TimeSpan.FromMinutes(5));

        Live.Pushed.Clear();

        await Send(new EndSnoozes());

        var stored = await Rows(db => db.Conversations.OrderBy(c => c.Id));
        Assert.Equal([(over.Id, ConversationStatus.Open), (later.Id, ConversationStatus.Snoozed)], stored.Select(c => (c.Id, c.Status)));
        Assert.Null(stored[0].SnoozedUntil);
        Assert.Equal([$"conversation {Some.OrganizationId} {over.Id}"], Live.Pushed);
    }

    private Conversation Snoozed(DateTimeOffset until)
    {
        var conversation = Some.Conversation();
        conversation.Snooze(until, Clock.Now);
        return conversation;
    }
}
