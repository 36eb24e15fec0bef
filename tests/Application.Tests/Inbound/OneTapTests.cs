using System.Text;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Inbound;

/// <summary>One tap that Meta tells twice, and messages without a mid (platform reference, Webhooks → Hand-over and standby).</summary>
public class OneTapTests(SliceFixture app) : SliceTest(app)
{
    private const string Both = """{"mid":"m_tap","title":"Price?","payload":"ASK"}""";
    private const string WithoutMid = """{"title":"Price?","payload":"ASK"}""";
    private const string WithoutPayload = """{"mid":"m_tap","title":"Price?"}""";
    private const string TitleOnly = """{"title":"Price?"}""";

    public static TheoryData<string, string> Halves => new()
    {
        { Both, WithoutPayload }, { Both, TitleOnly }, { WithoutMid, WithoutPayload }, { Both, WithoutMid },
    };

    [Theory]
    [MemberData(nameof(Halves))]
    public async Task A_tap_in_both_lists_of_an_entry_is_one_message_of_a_thread_of_ours(string messaging, string standby)
    {
        await Given(Some.SampleConnection());

        await Receive(Body($""" "messaging":[{Tap(messaging)}],"standby":[{Tap(standby)}]"""));

        await AssertOneTapAsync();
    }

    [Theory]
    [MemberData(nameof(Halves))]
    public async Task A_tap_that_comes_twice_in_either_order_is_one_message_of_a_thread_of_ours(string messaging, string standby)
    {
        await Given(Some.SampleConnection());

        await Receive(Body($""" "messaging":[{Tap(messaging)}]"""));
        await Receive(Body($""" "standby":[{Tap(standby)}]"""));
        await AssertOneTapAsync();

        await InitializeAsync();
        await Given(Some.SampleConnection());
        await Receive(Body($""" "standby":[{Tap(standby)}]"""));
        await Receive(Body($""" "messaging":[{Tap(messaging)}]"""));
        await AssertOneTapAsync();
    }

    [Theory]
    [InlineData("""{"text":"Green","quick_reply":{"payload":"PICK"}}""", """{"mid":"m_tap","text":"Green"}""")]
    [InlineData("""{"mid":"m_tap","text":"Green","quick_reply":{"payload":"PICK"}}""", """{"text":"Green"}""")]
    public async Task A_tap_on_a_quick_reply_that_comes_twice_in_either_order_is_one_message(string messaging, string standby)
    {
        await Given(Some.SampleConnection());
        var (ours, theirs) = (Payload.Item("message", messaging), Payload.Item("message", standby));

        await Receive(Body($""" "messaging":[{ours}]"""));
        await Receive(Body($""" "standby":[{theirs}]"""));
        await AssertOneReplyAsync();

        await InitializeAsync();
        await Given(Some.SampleConnection());
        await Receive(Body($""" "standby":[{theirs}]"""));
        await Receive(Body($""" "messaging":[{ours}]"""));
        await AssertOneReplyAsync();
    }

    [Fact]
    public async Task Two_taps_are_two_messages()
    {
        await Given(Some.SampleConnection());

        await Receive(Payload.Event(
            Some.PageId, 1760000300000, Payload.Item("postback", WithoutMid), Payload.Item("postback", WithoutMid, at: 1760000300001),
            Payload.Item("postback", """{"title":"Hours?","payload":"HOURS"}"""), Payload.Item("postback", WithoutMid, sender: "7777")));

        Assert.Equal(4, await Count(db => db.Messages));
    }

    [Fact]
    public async Task A_message_without_a_mid_is_recorded_once()
    {
        await Given(Some.SampleConnection());
        var (first, other) = (Payload.Item("message", """{"text":"Hello"}"""), Payload.Item("message", """{"text":"Hello again"}"""));

        await Receive(Payload.Event(Some.PageId, 1760000300000, first, other, first));
        var repeated = await Receive(Payload.Event(Some.PageId, 1760000300000, first));

        Assert.Equal(0, repeated.FailedEvents);
        var messages = await Rows(db => db.Messages.OrderBy(m => m.Id));
        Assert.Equal(["Hello", "Hello again"], messages.Select(m => m.Text));
        Assert.All(messages, m => Assert.Null(m.ExternalId));
        Assert.Equal(2, (await Row(db => db.Conversations)).UnreadCount);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("\"Hello\"")]
    public async Task A_message_with_nothing_in_it_fails(string message)
    {
        await Given(Some.SampleConnection());

        var delivery = await Receive(Payload.Event(Some.PageId, 1760000300000, Payload.Item("message", message)));

        Assert.Equal((1, 0), (delivery.FailedEvents, await Count(db => db.Messages)));
    }

    [Fact]
    public async Task A_later_mid_completes_the_tap_for_its_reactions()
    {
        await Given(Some.SampleConnection());
        await Receive(Body($""" "messaging":[{Tap(WithoutMid)}]"""));
        await Receive(Payload.Event(
            Some.PageId, 1760000300000, Payload.Item("reaction", """{"mid":"m_tap","action":"react","emoji":"x"}""", at: 1760000300500)));

        await Receive(Body($""" "standby":[{Tap(WithoutPayload)}]"""));

        Assert.Equal("x", (await Row(db => db.MessageReactions)).Emoji);
    }

    private async Task AssertOneTapAsync()
    {
        var message = await Row(db => db.Messages.Include(m => m.Conversation));
        Assert.Equal(
            (MessageKind.Postback, "m_tap", "Price?", "ASK"),
            (message.Kind, message.ExternalId, message.PostbackTitle, message.PostbackPayload));
        Assert.Equal(
            (1, null, "Price?"),
            (message.Conversation.UnreadCount, message.Conversation.ThreadOwnerAppId, message.Conversation.LastMessagePreview));
    }

    private async Task AssertOneReplyAsync()
    {
        var message = await Row(db => db.Messages.Include(m => m.Conversation));
        Assert.Equal(("m_tap", "Green", "PICK"), (message.ExternalId, message.Text, message.QuickReplyPayload));
        Assert.Equal((1, null), (message.Conversation.UnreadCount, message.Conversation.ThreadOwnerAppId));
    }

    private static string Tap(string postback) => Payload.Item("postback", postback);

    private static byte[] Body(string lists) =>
        Encoding.UTF8.GetBytes($$"""{"object":"page","entry":[{"id":"{{Some.PageId}}","time":1760000300000,{{lists}}}]}""");
}
