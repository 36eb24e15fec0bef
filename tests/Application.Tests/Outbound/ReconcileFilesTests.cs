using MetaMessaging.Application.Common;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Outbound;

public class ReconcileFilesTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task After_a_crash_during_the_upload_no_message_at_Meta_counts_as_this_one()
    {
        var message = await GivenFileAsync();
        await Change(async db => (await db.Messages.Include(m => m.Attachments).SingleAsync()).TryClaim(Clock.Now));
        Clock.Advance(Message.ClaimLifetime + Message.UploadClaimExtension);
        MetaMessages.OnListRecent = _ => [Shown("m_other", null, "image")];

        await Send(new ReconcileSend(message.Id));

        Assert.Equal(MessageStatus.Queued, (await Row(db => db.Messages)).Status);
        await Send(new DeliverMessages(message.ConversationId));
        Assert.Equal(MessageStatus.Sent, (await Row(db => db.Messages)).Status);
    }

    [Theory]
    [InlineData("image/png", null, new[] { "image" }, true)]
    [InlineData("image/png", "", new string[0], true)]
    [InlineData("image/gif", null, new[] { "video" }, true)]
    [InlineData("audio/mp4", null, new[] { "file" }, true)]
    [InlineData("image/webp", null, new[] { "image" }, true)]
    [InlineData("image/png", null, new[] { "file" }, false)]
    [InlineData("application/pdf", null, new[] { "image" }, false)]
    [InlineData("image/png", "Look at this", new[] { "image" }, false)]
    public async Task A_file_at_Meta_confirms_the_send_if_its_type_matches(
        string contentType, string? text, string[] kinds, bool isConfirmed)
    {
        var message = await GivenUnansweredAsync(Some.Upload(contentType));
        MetaMessages.OnListRecent = _ => [Shown("m_found", text, kinds)];

        await Send(new ReconcileSend(message.Id));

        Assert.Equal(
            isConfirmed ? MessageStatus.Sent : MessageStatus.Queued, (await Row(db => db.Messages.Where(m => m.Id == message.Id))).Status);
    }

    [Fact]
    public async Task A_file_at_Meta_that_belongs_to_another_message_does_not_count()
    {
        var message = await GivenUnansweredAsync(Some.Upload());
        await Given(Some.Sent(message.Conversation, "x", Clock.Now, "m_taken"));
        MetaMessages.OnListRecent = _ => [Shown("m_taken", null, "image"), Shown("m_free", null, "image")];

        await Send(new ReconcileSend(message.Id));

        Assert.Equal("m_free", (await Row(db => db.Messages.Where(m => m.Id == message.Id))).ExternalId);
    }

    private Task<MessageAttachment> GivenUpload(MessageAttachment upload)
    {
        Media.Files[upload.StorageKey!] = Clock.Now;
        return Given(upload);
    }

    private async Task<Message> GivenFileAsync(Channel channel = Channel.FacebookMessenger, MessageAttachment? file = null)
    {
        var conversation = await Given(Some.Conversation(
            connection: await Given(
                channel is Channel.FacebookMessenger
                    ? Some.Connection()
                    : Some.Connection(igAccountId: Some.Unique("1784"))), channel: channel));
        var upload = await GivenUpload(file ?? Some.Upload());
        var sent = await Send(new SendMessage(conversation.Id, null, AttachmentIds: [upload.Id]));
        return await Row(db => db.Messages.Include(m => m.Conversation.Connection).Where(m => m.Id == sent[0].Id));
    }

    private static RemoteMessage Shown(string mid, string? text, params string[] kinds) =>
        new(mid, "the page", text, Some.Now.AddMinutes(10), kinds);

    /// <summary>Meta has the file and was asked to send it; no answer came.</summary>
    private async Task<Message> GivenUnansweredAsync(MessageAttachment file)
    {
        var message = await GivenFileAsync(file: file);
        MetaMessages.RefuseSends(RefusalClass.OutcomeUnknown);
        await Send(new DeliverMessages(message.ConversationId));
        Clock.Advance(Message.ClaimLifetime);
        return message;
    }
}
