using MetaMessaging.Application.Conversations;
using MetaMessaging.Domain.Common;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Inbound;

/// <summary>What the API and the inbox show of a message's details.</summary>
public class MessageDetailsTests(SliceFixture app) : SliceTest(app)
{
    [Theory]
    [InlineData("369239263222822")]
    [InlineData("369239343222814")]
    [InlineData("369239383222810")]
    public async Task A_thumbs_up_is_its_emoji_in_previews(string stickerId)
    {
        await ReceiveAsync(
            $$$"""{"attachments":[{"type":"sticker","payload":{"url":"https://x.fbcdn.net/t","sticker_id":{{{stickerId}}}}}]}""");

        Assert.Equal("👍", (await Row(db => db.Conversations)).LastMessagePreview);
    }

    [Fact]
    public async Task An_old_thumbs_up_with_the_id_on_the_message_is_its_emoji_too()
    {
        await ReceiveAsync(
            """{"sticker_id":369239263222822,"attachments":[{"type":"image","payload":{"url":"https://x.fbcdn.net/t"}}]}""");

        Assert.Equal("👍", (await Row(db => db.Conversations)).LastMessagePreview);
    }

    [Fact]
    public async Task A_heart_is_its_emoji_in_previews()
    {
        await ReceiveAsync("""{"attachments":[{"type":"like_heart","payload":{}}]}""");

        Assert.Equal("❤️", (await Row(db => db.Conversations)).LastMessagePreview);
    }

    [Fact]
    public async Task The_same_picture_twice_in_a_message_is_one()
    {
        const string picture = """{"type":"image","payload":{"url":"https://x.fbcdn.net/a.jpg"}}""";
        const string other = """{"type":"image","payload":{"url":"https://x.fbcdn.net/b.jpg"}}""";

        await ReceiveAsync($$"""{"attachments":[{{picture}},{{other}},{{picture}}]}""");

        Assert.Equal(
            ["https://x.fbcdn.net/a.jpg", "https://x.fbcdn.net/b.jpg"],
            await Rows(db => db.MessageAttachments.OrderBy(a => a.Id).Select(a => a.SourceUrl)));
    }

    [Theory]
    [InlineData("https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2Fc%3Fid%3D1%26x%3D2&h=A", "https://example.com/c?id=1&x=2")]
    [InlineData("https://l.instagram.com/?u=https%3A%2F%2Fexample.com%2F&e=AT0", "https://example.com/")]
    [InlineData("https://l.facebook.com/l.php?u=javascript%3Aalert(1)", "https://l.facebook.com/l.php?u=javascript%3Aalert(1)")]
    [InlineData("https://example.com/l.php?u=https%3A%2F%2Fevil.example", "https://example.com/l.php?u=https%3A%2F%2Fevil.example")]
    [InlineData("", null)]
    public async Task A_wrapped_link_is_shown_as_where_it_leads(string url, string? shown)
    {
        await ReceiveAsync($$$"""{"attachments":[{"type":"fallback","payload":{"title":"Cups","url":"{{{url}}}"}}]}""");

        Assert.Equal(shown, (await Row(db => db.MessageAttachments)).SourceUrl);
    }

    [Theory]
    [InlineData("""{"is_unsupported":true}""", true)]
    [InlineData("""{"is_unsupported":true,"attachments":[{"type":"image","payload":{"url":"https://x.fbcdn.net/a"}}]}""", true)]
    [InlineData("""{"attachments":[{"type":"unsupported_type"}]}""", true)]
    [InlineData("""{"text":"Hello"}""", false)]
    public async Task A_message_says_whether_meta_passes_on_what_it_holds(string message, bool isUnsupported)
    {
        await ReceiveAsync(message);

        Assert.Equal(isUnsupported, (await Send(new GetMessage((await Row(db => db.Messages)).Id))).IsUnsupported);
    }

    [Theory]
    [InlineData("""{"type":"template","payload":{"template_type":"button","text":"What next?","buttons":#}}""")]
    [InlineData("""{"type":"template","title":"What next?","payload":{"template_type":"button","text":"What next?","buttons":#}}""")]
    [InlineData("""{"type":"template","payload":{"template_type":"generic","elements":[{"title":"What next?","buttons":#}]}}""")]
    [InlineData("""{"type":"template","payload":{"generic":{"elements":[{"title":"What next?","buttons":#}]}}}""")]
    public async Task A_template_keeps_its_buttons_addresses_and_its_text_is_its_words(string template)
    {
        const string buttons = """
            [{"type":"web_url","url":"https://www.example.com/","title":"Visit"},{"type":"postback","title":"Ask","payload":"ASK"}]
            """;

        var shown = template.Replace("#", buttons, StringComparison.Ordinal);
        await ReceiveAsync($$"""{"is_echo":true,"attachments":[{{shown}}]}""", byAccount: true);

        var attachment = (await Send(new GetMessage((await Row(db => db.Messages)).Id))).Attachments[0];
        Assert.Equal(
            [new ButtonModel("web_url", "Visit", "https://www.example.com/", null), new ButtonModel("postback", "Ask", null, "ASK")],
            attachment.Details!.Cards[0].Buttons);
        Assert.Equal(("What next?", "What next?"), (attachment.Title, (await Row(db => db.Conversations)).LastMessagePreview));
    }

    [Fact]
    public async Task The_titles_of_all_cards_are_a_templates_words()
    {
        await ReceiveAsync(
            """
            {"attachments":[{"type":"template","payload":{"template_type":"generic","elements":[
              {"title":"Espresso"},{"subtitle":"no title"},{"title":"Flat\u202e white\n"}]}}]}
            """);

        Assert.Equal("Espresso · Flat white", (await Row(db => db.Conversations)).LastMessagePreview);
    }

    [Fact]
    public async Task Titles_from_outside_lose_control_characters_and_direction_marks()
    {
        await ReceiveAsync(
            """{"attachments":[{"type":"fallback","payload":{"title":"\u202eCups\u0007","url":"https://example.com/"}}]}""");

        Assert.Equal("Cups", (await Row(db => db.MessageAttachments)).Title);
    }

    [Theory]
    [InlineData(false, "Mentioned you in a story")]
    [InlineData(true, "You mentioned them in your story")]
    public async Task A_story_mention_says_who_mentioned_whom(bool byAccount, string preview)
    {
        await Given(Some.SampleConnection());
        var message = $$"""{"mid":"aWdf_1","is_echo":{{(byAccount ? "true" : "false")}},"attachments":[{"type":"story_mention"}]}""";

        await Receive(MetaEvent.Deliver(MetaEvent.Message(message, 1, Channel.InstagramDm, byAccount)).Single());

        Assert.Equal(preview, (await Row(db => db.Conversations)).LastMessagePreview);
    }

    [Fact]
    public async Task A_message_unsent_while_unread_is_no_longer_unread()
    {
        await ReceiveAsync("""{"text":"Hello"}""", mid: "m_1");
        await ReceiveAsync("""{"text":"Wrong window"}""", mid: "m_2");
        await ReceiveAsync("""{"is_deleted":true}""", mid: "m_2");
        await ReceiveAsync("""{"is_deleted":true}""", mid: "m_2");
        var conversation = await Row(db => db.Conversations);
        Assert.Equal(1, conversation.UnreadCount);

        await Send(new MarkConversationRead(conversation.Id));
        await ReceiveAsync("""{"is_deleted":true}""", mid: "m_1");
        Assert.Equal((0, 0), ((await Row(db => db.Conversations)).UnreadCount, await Send(new CountUnreadConversations())));
        await ReceiveAsync("""{"text":"Hello again"}""", mid: "m_3");

        Assert.Equal((1, 1), ((await Row(db => db.Conversations)).UnreadCount, await Send(new CountUnreadConversations())));
        Assert.Single((await Send(new ListConversations(Unread: true))).Items);
    }

    private async Task ReceiveAsync(string message, bool byAccount = false, string mid = "m_1")
    {
        if (await Count(db => db.Connections) == 0) await Given(Some.SampleConnection());
        var json = $$"""{"mid":"{{mid}}",{{message[1..]}}""";
        await Receive(Payload.Event(Some.PageId, 1760000300000, byAccount
            ? Payload.Item("message", json, Some.PageId, Some.Psid)
            : Payload.Item("message", json)));
    }
}
