using MetaMessaging.Application.Common;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Inbound;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Inbound;

/// <summary>Instagram marks some customers' answers to a story as echoes (platform reference, Webhooks → Echo, edit, unsend).</summary>
public class DoubtfulEchoTests(SliceFixture app) : SliceTest(app)
{
    private const string Echo =
        """{"mid":"aWdf_e","is_echo":true,"text":"Lovely!","reply_to":{"story":{"id":"179","url":"https://lookaside.fbsbx.com/s"}}}""";

    private static readonly FoundStory Story = new("179", "https://lookaside.fbsbx.com/s");

    [Fact]
    public async Task A_doubtful_echo_that_the_customer_wrote_is_shown_as_the_customers()
    {
        await GivenEchoAsync(Echo);
        MetaMessages.OnMessage = _ => new FoundMessage(Some.Igsid, Some.IgAccountId, "Lovely!", Clock.Now, [], Story);

        await AskAsync();

        Assert.Equal((MessageDirection.Inbound, MessageOrigin.Contact), await AuthorAsync());
        Assert.Equal(1, (await Row(db => db.Conversations)).UnreadCount);
        Assert.Empty(await Rows(db => db.ParkedEvents));
        Assert.Equal(["message aWdf_e"], MetaMessages.Calls);
    }

    [Fact]
    public async Task Meta_is_asked_at_once_and_shows_nothing_before()
    {
        var delivery = await GivenEchoAsync(Echo);

        Assert.Equal(EventOutcomeKind.Parked, Assert.Single(delivery.ReadOutcomes()).Kind);
        Assert.Equal(0, await Count(db => db.Messages));
        var job = Assert.Single(Jobs.Scheduled, s => s.Job is FetchMissingMessage);
        Assert.Equal((new FetchMissingMessage((await Row(db => db.ParkedEvents)).Id), Clock.Now), ((FetchMissingMessage)job.Job, job.At));
    }

    [Fact]
    public async Task A_doubtful_echo_of_the_account_stays_an_echo()
    {
        await GivenEchoAsync(Echo);
        MetaMessages.OnMessage = _ => new FoundMessage(Some.IgAccountId, Some.Igsid, "Lovely!", Clock.Now, [], Story);

        await AskAsync();

        Assert.Equal((MessageDirection.Outbound, MessageOrigin.External), await AuthorAsync());
    }

    [Fact]
    public async Task A_doubtful_echo_is_what_it_says_when_meta_does_not_answer()
    {
        await GivenEchoAsync(Echo);
        MetaMessages.OnMessage = _ => throw Some.Refused(RefusalClass.Permission);

        await AskAsync();

        Assert.Equal((MessageDirection.Outbound, MessageOrigin.External), await AuthorAsync());
        Assert.Equal("Lovely!", (await Row(db => db.Messages)).Text);
    }

    [Theory]
    [InlineData("""{"mid":"aWdf_e","is_echo":true,"text":"Hello"}""")]
    [InlineData("""{"mid":"aWdf_e","is_echo":true,"app_id":5,"text":"Hello","reply_to":{"story":{"id":"179"}}}""")]
    public async Task Other_echoes_are_what_they_say(string echo)
    {
        await GivenEchoAsync(echo);

        Assert.Equal((MessageDirection.Outbound, MessageOrigin.External), await AuthorAsync());
    }

    [Fact]
    public async Task An_echo_to_a_known_customer_is_what_it_says()
    {
        await Given(Some.SampleConnection());
        await Receive(Payload.InstagramEvent(Payload.InstagramItem("message", """{"mid":"aWdf_1","text":"Hi"}""")));

        await ReceiveEchoAsync(Echo);

        Assert.Equal(MessageDirection.Outbound, (await Row(db => db.Messages.Where(m => m.ExternalId == "aWdf_e"))).Direction);
    }

    private async Task<WebhookDelivery> GivenEchoAsync(string echo)
    {
        await Given(Some.SampleConnection());
        return await ReceiveEchoAsync(echo);
    }

    private Task<WebhookDelivery> ReceiveEchoAsync(string echo) =>
        Receive(Payload.InstagramEvent(Payload.InstagramItem("message", echo, Some.IgAccountId, Some.Igsid)));

    /// <summary>Asks Meta, and delivers the answer twice, with the echo once more.</summary>
    private async Task AskAsync()
    {
        await Send(new FetchMissingMessage((await Row(db => db.ParkedEvents)).Id));
        var answer = Assert.Single(Inbox.Stored);
        await Receive(answer);
        await Receive(answer);
        await ReceiveEchoAsync(Echo);
    }

    private async Task<(MessageDirection, MessageOrigin)> AuthorAsync()
    {
        var message = await Row(db => db.Messages);
        return (message.Direction, message.Origin);
    }
}
