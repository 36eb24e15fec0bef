using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace MetaMessaging.MetaSimulator.Tests;

public sealed class StoryTests(SimulatorFixture fixture) : SimulatorTest(fixture)
{
    private const string Script = """
        # A comment
        people | messenger | Hanna Lindqvist, Omar Farouk
        = asked in the past | messenger | past | 1
        customer: {Hello|Hi}!
        business +2h: Good morning
        phone read
        customer reacts: ❤
        closed
        = asked today | instagram | today | 1
        customer sends latte.jpg: Verdict?
        agent: Very good!
        phone read
        customer: Thank you
        """;

    [Fact]
    public async Task Loading_a_story_adds_its_people_once()
    {
        await Control.LoadStoryAsync(Script);
        await Control.LoadStoryAsync(Script);

        var customers = (await Control.Http.GetFromJsonAsync<JsonArray>("sim/customers", Stop))!;
        Assert.Single(customers, customer => (string?)customer!["name"] is "Omar Farouk");
    }

    [Fact]
    public async Task The_past_is_played_with_past_times_and_in_order()
    {
        await Control.LoadStoryAsync(Script);

        var story = await Control.PlayStoryAsync();

        Assert.Equal(5, story.Messages);
        Assert.Equal(["closed", "waiting"], story.Conversations.Select(conversation => conversation.Ending));
        var thread = (await Control.GetCustomerAsync(story.Conversations[0].CustomerId))["messages"]!.AsArray();
        Assert.Equal(["❤", null], thread.Reverse().Select(message => (string?)message!["customerReaction"]));
        Assert.All(thread, message => Assert.True((long)message!["at"]! < DateTimeOffset.UtcNow.AddHours(-5).ToUnixTimeMilliseconds()));
    }

    [Fact]
    public async Task What_happens_now_is_played_line_by_line_and_the_agents_lines_are_left_to_the_app()
    {
        await Control.LoadStoryAsync(Script);
        var customerId = (await Control.PlayStoryAsync()).Conversations[1].CustomerId;

        Assert.Equal(new NextStoryLine(customerId, "Very good!"), await Control.PlayNextLineAsync());
        Assert.Equal(new NextStoryLine(customerId, null), await Control.PlayNextLineAsync());
        Assert.Equal(new NextStoryLine(customerId, null), await Control.PlayNextLineAsync());
        Assert.Null(await Control.PlayNextLineAsync());
        Assert.Equal("Thank you", (string?)(await Control.GetCustomerAsync(customerId))["lastMessage"]!["text"]);
    }

    [Fact]
    public async Task A_line_that_cannot_be_read_is_named()
    {
        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => Control.LoadStoryAsync("somebody says: Hello"));

        Assert.Contains("somebody says: Hello", exception.Message, StringComparison.Ordinal);
    }
}
