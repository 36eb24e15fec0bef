using MetaMessaging.Application.Common;

namespace MetaMessaging.Infrastructure.Tests.Graph;

public sealed class GraphMessageReadsTests : GraphTest
{
    [Fact]
    public async Task Recent_messages_are_read_from_the_newest_thread_newest_first()
    {
        Meta.On($"GET /v25.0/{Page}/conversations", Reply.Json(
            """
            {"data":[
              {"id":"t_old","updated_time":"2025-10-08T08:53:20+0000"},
              {"id":"t_new","updated_time":"2025-10-09T08:53:20+0000"}]}
            """));
        Meta.On("GET /v25.0/t_new", Reply.Json(
            """
            {"id":"t_new","messages":{"data":[
              {"id":"m_1","created_time":"2025-10-09T08:53:20+0000","from":{"id":"109876543210987"},"message":"one"},
              {"id":"m_2","created_time":"2025-10-09T10:53:25+0200","from":{"id":7654321098765432},"message":""},
              {"id":"m_3","from":{"id":"1"}},
              {"created_time":"2025-10-09T08:53:20+0000"}]}}
            """));

        var messages = await AsTimePasses(Messages.ListRecentMessagesAsync(OnMessenger, Cancellation));

        Assert.Equal(
            [("m_2", Psid, "", Now.AddSeconds(5)), ("m_1", Page, "one", Now)],
            messages.Select(m => (m.ExternalId, m.FromId, m.Text, m.CreatedAt.ToUniversalTime())));
        Assert.Equal(("messenger", Psid), (Meta.Calls[0].Parameter("platform"), Meta.Calls[0].Parameter("user_id")));
        Assert.Equal("messages.limit(20){id,created_time,from,message,attachments}", Meta.Calls[1].Parameter("fields"));
    }

    [Theory]
    [InlineData("conversation-messages-messenger")]
    [InlineData("conversation-messages-instagram")]
    public async Task Recent_messages_of_both_channels_are_read(string sample)
    {
        Meta.On($"GET /v25.0/{Page}/conversations", Reply.Json("""{"data":[{"id":"t_1"}]}"""));
        Meta.On("GET /v25.0/t_1", Reply.Sample(sample));

        var messages = await AsTimePasses(Messages.ListRecentMessagesAsync(OnInstagram, Cancellation));

        Assert.Equal(
            DateTimeOffset.Parse("2025-10-09T08:53:25Z", System.Globalization.CultureInfo.InvariantCulture), messages[0].CreatedAt);
        Assert.All(messages, message => Assert.NotEmpty(message.FromId));
        Assert.Equal("instagram", Meta.Calls[0].Parameter("platform"));
    }

    [Fact]
    public async Task No_thread_means_no_messages()
    {
        Meta.On($"GET /v25.0/{Page}/conversations", Reply.Sample("conversations-empty"));

        Assert.Empty(await AsTimePasses(Messages.ListRecentMessagesAsync(OnMessenger, Cancellation)));
    }

    [Fact]
    public async Task A_message_is_read_by_its_id()
    {
        Meta.On("GET /v25.0/m_1", Reply.Json("""
            {"id":"m_1","created_time":"2025-10-09T08:53:20+0000","message":"Hello",
             "from":{"id":"7654321098765432"},"to":{"data":[{"id":"109876543210987"}]},
             "attachments":{"data":[{"id":"1","mime_type":"image/jpeg","image_data":{"url":"https://scontent.xx.fbcdn.net/a.jpg"}},
                                    {"id":"2","image_data":{"url":"https://scontent.xx.fbcdn.net/s.png","render_as_sticker":true}},
                                    {"id":3,"mime_type":"video/mp4","video_data":{"url":"https://video.xx.fbcdn.net/v.mp4"}},
                                    {"mime_type":"audio/mp4","file_url":"https://cdn.fbsbx.com/audioclip-1.mp4"},
                                    {"mime_type":"application/pdf","file_url":"https://cdn.fbsbx.com/list.pdf"},
                                    {"generic_template":{"title":"Card"}}, {}]}}
            """));

        var message = await AsTimePasses(Messages.GetMessageAsync("109876543210987", PageToken, "m_1", Cancellation));

        Assert.Equal((Psid, Page, "Hello", Now), (message.FromId, message.ToId, message.Text, message.CreatedAt));
        Assert.Equal(["image", "sticker", "video", "audio", "file"], message.Attachments.Select(a => a.Type));
        Assert.Equal(
            "id,created_time,from,to,message,attachments,shares{link,name},story,is_unsupported", Meta.Calls[0].Parameter("fields"));
    }

    [Fact]
    public async Task A_story_mention_and_a_shared_post_are_read_as_attachments()
    {
        Meta.On("GET /v25.0/m_1", Reply.Sample("message-instagram-story-mention"));
        Meta.On("GET /v25.0/m_2", Reply.Json(
            """{"id":"m_2","shares":{"data":[{"link":"https://lookaside.fbsbx.com/post","name":"A post"},{}]}}"""));

        var mention = Assert.Single((await AsTimePasses(Messages.GetMessageAsync(Page, PageToken, "m_1", Cancellation))).Attachments);
        var share = Assert.Single((await AsTimePasses(Messages.GetMessageAsync(Page, PageToken, "m_2", Cancellation))).Attachments);

        Assert.Equal("story_mention", mention.Type);
        Assert.StartsWith("https://lookaside.fbsbx.com/", mention.Url, StringComparison.Ordinal);
        Assert.Equal(("share", "https://lookaside.fbsbx.com/post", "A post"), (share.Type, share.Url, share.Title));
    }

    [Fact]
    public async Task The_answered_story_and_unsupported_content_are_read_with_the_message()
    {
        Meta.On("GET /v25.0/m_1", Reply.Json(
            """
            {"id":"m_1","message":"Where is this?","story":{"reply_to":{"link":"https://lookaside.fbsbx.com/story","id":"179"}}}
            """));
        Meta.On("GET /v25.0/m_2", Reply.Json("""{"id":"m_2","message":"","is_unsupported":true}"""));

        Assert.Equal(
            new FoundStory("179", "https://lookaside.fbsbx.com/story"),
            (await AsTimePasses(Messages.GetMessageAsync(Page, PageToken, "m_1", Cancellation))).AnsweredStory);
        Assert.True((await AsTimePasses(Messages.GetMessageAsync(Page, PageToken, "m_2", Cancellation))).IsUnsupported);
    }
}
