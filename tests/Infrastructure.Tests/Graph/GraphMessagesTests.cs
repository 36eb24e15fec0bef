using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace MetaMessaging.Infrastructure.Tests.Graph;

public sealed class GraphMessagesTests : GraphTest
{
    [Fact]
    public async Task A_Messenger_text_is_sent_as_a_response_with_its_metadata()
    {
        Meta.On($"POST /v25.0/{Page}/messages", Reply.Sample("send-message"));

        var messageId = await Messages.SendAsync(OnMessenger, new OutgoingMessage("Hello \"you\" 👋", "mm:1"), Cancellation);

        Assert.StartsWith("m_yT8DLyHRr", messageId, StringComparison.Ordinal);
        AssertJson(
            """
            {"recipient":{"id":"7654321098765432"},"messaging_type":"RESPONSE",
             "message":{"text":"Hello \"you\" 👋","metadata":"mm:1"}}
            """,
            Assert.Single(Meta.Calls).Body);
    }

    [Fact]
    public async Task An_Instagram_text_is_sent_without_metadata()
    {
        Meta.On($"POST /v25.0/{Page}/messages", Reply.Sample("send-message-instagram"));

        await Messages.SendAsync(OnInstagram, new OutgoingMessage("Hello", "mm:1"), Cancellation);

        AssertJson(
            """{"recipient":{"id":"1234567890123456"},"messaging_type":"RESPONSE","message":{"text":"Hello"}}""",
            Assert.Single(Meta.Calls).Body);
    }

    [Theory]
    [InlineData(Channel.FacebookMessenger, "Tasse _ä_ 価格.PNG", false)]
    [InlineData(Channel.InstagramDm, "Tasse _a_.png", true)]
    public async Task An_upload_names_its_type_file_name_and_platform(Channel channel, string fileName, bool namesPlatform)
    {
        Meta.On($"POST /v25.0/{Page}/message_attachments", Reply.Json("""{"attachment_id":1857777774821032}"""));
        using var content = new MemoryStream("the bytes"u8.ToArray());

        var id = await Messages.UploadAsync(
            channel is Channel.InstagramDm ? OnInstagram : OnMessenger,
            new OutgoingFile("image", "image/png", "Tasse \"ä\" 価格.PNG", content),
            Cancellation);

        Assert.Equal("1857777774821032", id);
        var call = Assert.Single(Meta.Calls);
        Assert.StartsWith("multipart/form-data; boundary=", call.ContentType, StringComparison.Ordinal);
        Assert.Contains("""{"attachment":{"type":"image","payload":{"is_reusable":true}}}""", call.Body, StringComparison.Ordinal);
        Assert.Contains($"form-data; name=\"filedata\"; filename=\"{fileName}\"", call.Body, StringComparison.Ordinal);
        Assert.Contains("Content-Type: image/png", call.Body, StringComparison.Ordinal);
        Assert.Contains("\r\n\r\nthe bytes\r\n", call.Body, StringComparison.Ordinal);
        Assert.Equal(namesPlatform, call.Body.Contains("\r\n\r\ninstagram\r\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_upload_without_an_answer_may_be_repeated()
    {
        Meta.On($"POST /v25.0/{Page}/message_attachments", Reply.Silence);
        using var content = new MemoryStream([1]);

        var uploading = Refused(() => Messages.UploadAsync(
            OnMessenger, new OutgoingFile("file", "application/pdf", "a.pdf", content), Cancellation));
        await Until.True(() => Meta.Calls.Count == 1, "the upload has arrived");
        Clock.Advance(TimeSpan.FromSeconds(90));

        Assert.Equal(RefusalClass.Transient, (await uploading).Class);
    }

    [Fact]
    public async Task A_file_is_sent_by_its_id_and_a_template_as_it_was_composed()
    {
        Meta.On($"POST /v25.0/{Page}/messages", Reply.Sample("send-message"));

        await Messages.SendAsync(
            OnMessenger,
            new OutgoingMessage(null, "mm:1", Attachment: new OutgoingAttachment("image", "1745504518999123", null)),
            Cancellation);
        var template = new OutgoingAttachment("template", null, """{"template_type":"button","text":"x"}""");
        await Messages.SendAsync(OnMessenger, new OutgoingMessage(null, "mm:2", Attachment: template), Cancellation);

        AssertJson(
            """
            {"recipient":{"id":"7654321098765432"},"messaging_type":"RESPONSE",
             "message":{"metadata":"mm:1","attachment":{"type":"image","payload":{"attachment_id":"1745504518999123"}}}}
            """,
            Meta.Calls[0].Body);
        AssertJson(
            """
            {"recipient":{"id":"7654321098765432"},"messaging_type":"RESPONSE",
             "message":{"metadata":"mm:2","attachment":{"type":"template","payload":{"template_type":"button","text":"x"}}}}
            """,
            Meta.Calls[1].Body);
    }

    [Fact]
    public async Task An_answer_without_a_message_id_leaves_the_outcome_unknown()
    {
        Meta.On($"POST /v25.0/{Page}/messages", Reply.Sample("send-sender-action"));

        Assert.Equal(RefusalClass.OutcomeUnknown, (await RefusedSend(Messages)).Class);
    }

    [Fact]
    public async Task An_answer_of_another_shape_leaves_the_outcome_unknown()
    {
        Meta.On($"POST /v25.0/{Page}/messages", Reply.Json("[1]"));

        Assert.Equal(RefusalClass.OutcomeUnknown, (await RefusedSend(Messages)).Class);
    }

    [Fact]
    public async Task A_send_is_not_repeated_when_the_connection_drops()
    {
        Meta.On($"POST /v25.0/{Page}/messages", Reply.Drop);

        Assert.Equal(RefusalClass.OutcomeUnknown, (await RefusedSend(Messages)).Class);
        Assert.Single(Meta.Calls);
    }

    [Fact]
    public async Task A_send_is_not_repeated_when_a_reused_connection_drops()
    {
        Meta.On($"POST /v25.0/{Page}/messages", Reply.Sample("send-message"), Reply.Drop);
        await Messages.SendAsync(OnMessenger, new OutgoingMessage("first", null), Cancellation);

        await RefusedSend(Messages);

        Assert.Equal(2, Meta.Calls.Count);
    }

    [Fact]
    public async Task A_send_that_times_out_leaves_the_outcome_unknown()
    {
        Meta.On($"POST /v25.0/{Page}/messages", Reply.Silence);

        var sending = RefusedSend(Messages);
        await Until.True(() => Meta.Calls.Count == 1, "the message has arrived");
        Clock.Advance(TimeSpan.FromSeconds(20));

        var refused = await sending;
        Assert.Equal((RefusalClass.OutcomeUnknown, "No answer within 20 s."), (refused.Class, refused.Detail));
    }

    [Fact]
    public async Task A_cancelled_send_throws_a_cancellation_and_not_a_refusal()
    {
        Meta.On($"POST /v25.0/{Page}/messages", Reply.Silence);
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Messages.SendAsync(OnMessenger, new OutgoingMessage("Hello", null), cancellation.Token));
    }

    [Fact]
    public async Task A_send_that_cannot_connect_is_transient()
    {
        await using var unreachable = Services(await ClosedPort());

        var refused = await RefusedSend(unreachable.GetRequiredService<IMetaMessages>());

        Assert.Equal(RefusalClass.Transient, refused.Class);
    }

    [Fact]
    public async Task Without_an_app_secret_Meta_is_not_called()
    {
        await using var unconfigured = Services(Meta.Address, new KnownMetaApp(appSecret: null));

        var refused = await RefusedSend(unconfigured.GetRequiredService<IMetaMessages>());

        Assert.Equal((RefusalClass.Transient, RefusalActor.Admin), (refused.Class, refused.Actor));
        Assert.Empty(Meta.Calls);
    }

    [Fact]
    public async Task Marking_as_seen_sends_a_sender_action()
    {
        Meta.On($"POST /v25.0/{Page}/messages", Reply.Sample("send-sender-action"));

        await Messages.MarkSeenAsync(OnInstagram, Cancellation);

        AssertJson("""{"recipient":{"id":"1234567890123456"},"sender_action":"mark_seen"}""", Assert.Single(Meta.Calls).Body);
    }

    [Theory]
    [InlineData(false, "❤️", "react", """{"message_id":"m_1","reaction":"❤️"}""")]
    [InlineData(true, "❤️", "react", """{"message_id":"m_1","reaction":"love"}""")]
    [InlineData(true, "🎉", "react", """{"message_id":"m_1","reaction":"🎉"}""")]
    [InlineData(false, null, "unreact", """{"message_id":"m_1"}""")]
    public async Task A_reaction_is_a_sender_action_that_names_its_message(bool onInstagram, string? emoji, string action, string payload)
    {
        var recipient = onInstagram ? OnInstagram : OnMessenger;
        Meta.On($"POST /v25.0/{Page}/messages", Reply.Sample("send-sender-action"));

        await Messages.ReactAsync(recipient, "m_1", emoji, Cancellation);

        AssertJson(
            $$"""{"recipient":{"id":"{{recipient.ScopedUserId}}"},"sender_action":"{{action}}","payload":{{payload}}}""",
            Assert.Single(Meta.Calls).Body);
    }

    private static Task<Refusal> RefusedSend(IMetaMessages messages) =>
        Refused(() => messages.SendAsync(OnMessenger, new OutgoingMessage("Hello", null), Cancellation));
}
