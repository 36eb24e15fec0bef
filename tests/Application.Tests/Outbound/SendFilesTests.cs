using MetaMessaging.Application.Common;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Outbound;

public class SendFilesTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task Each_file_is_a_message_after_the_text_and_all_are_one_send()
    {
        var conversation = await Given(Some.Conversation());
        var question = await Given(Some.Inbound(conversation, "Have you got pictures?", Clock.Now));
        var (second, first) = (
            await GivenUpload(Some.Upload(fileName: "second.png")),
            await GivenUpload(Some.Upload("application/pdf", fileName: "first.pdf")));

        var answer = await Send(new SendMessage(
            conversation.Id,
            "Here",
            QuickReplies: [new QuickReply("Thanks", "T")],
            ReplyToMessageId: question.Id,
            AttachmentIds: [first.Id, second.Id]));
        await Send(new DeliverMessages(conversation.Id));

        Assert.Equal(["Here", "first.pdf", "second.png"], answer.Select(m => m.Text ?? Assert.Single(m.Attachments).FileName));
        var rows = await Rows(db => db.Messages.Where(m => m.Direction == MessageDirection.Outbound).OrderBy(m => m.OccurredAt));
        Assert.Equal(answer.Select(m => m.Id), rows.Select(m => m.Id));
        Assert.Single(rows.Select(m => m.SendId).Distinct());
        Assert.Equal(
            ["text", "file remote-first.pdf", "image remote-second.png"],
            MetaMessages.Sent.Select(s => s.Message.Attachment is { } a ? $"{a.Type} {a.RemoteId}" : "text"));
        Assert.Equal([question.ExternalId, null, null], MetaMessages.Sent.Select(s => s.Message.ReplyTo));
        Assert.Equal([1, null, null], MetaMessages.Sent.Select(s => s.Message.QuickReplies?.Count));
        Assert.Equal("Picture", (await Row(db => db.Conversations)).LastMessagePreview);
    }

    [Fact]
    public async Task Quick_replies_without_a_text_go_with_the_last_file_and_not_on_Instagram()
    {
        var messenger = await Given(Some.Conversation());
        var instagram = await Given(Some.Conversation(channel: Channel.InstagramDm));
        QuickReply[] replies = [new("Thanks", "T")];

        await Send(new SendMessage(messenger.Id, QuickReplies: replies, AttachmentIds: [(await GivenUpload(Some.Upload())).Id]));
        await Send(new DeliverMessages(messenger.Id));

        Assert.Equal(1, Assert.Single(MetaMessages.Sent).Message.QuickReplies?.Count);
        var file = await GivenUpload(Some.Upload());
        Assert.Equal(
            "quick_replies_not_supported", await RefusalOf(new SendMessage(instagram.Id, QuickReplies: replies, AttachmentIds: [file.Id])));
    }

    [Fact]
    public async Task A_file_is_sent_once()
    {
        var conversation = await Given(Some.Conversation());
        var file = await GivenUpload(Some.Upload());
        var received = await Given(
            Some.Inbound(conversation, null, null, null, new AttachmentContent("image", "https://scontent.xx.fbcdn.net/cup.jpg")));
        await Send(new SendMessage(conversation.Id, null, AttachmentIds: [file.Id]));

        Assert.Equal("attachment_already_sent", await RefusalOf(new SendMessage(conversation.Id, null, AttachmentIds: [file.Id])));
        Assert.Equal(
            "attachment_already_sent",
            await RefusalOf(new SendMessage(conversation.Id, null, AttachmentIds: [received.Attachments[0].Id])));
        Assert.Equal(1, await Count(db => db.Messages.Where(m => m.Direction == MessageDirection.Outbound)));
    }

    [Fact]
    public async Task Only_one_of_two_concurrent_sends_gets_the_same_file()
    {
        var conversation = await Given(Some.Conversation());
        var file = await GivenUpload(Some.Upload());

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            try
            {
                await Send(new SendMessage(conversation.Id, "Look", AttachmentIds: [file.Id]));
                return true;
            }
            catch (Exception exception) when (exception is DbUpdateConcurrencyException or ConflictException)
            {
                return false;
            }
        })));

        Assert.Single(outcomes, true);
        Assert.Equal(2, await Count(db => db.Messages));
    }

    [Theory]
    [InlineData(Channel.FacebookMessenger, "image/webp", 1000, "file")]
    [InlineData(Channel.FacebookMessenger, "application/octet-stream", 25 * 1024 * 1024, "file")]
    [InlineData(Channel.FacebookMessenger, "image/jpeg", 25 * 1024 * 1024, "image")]
    [InlineData(Channel.FacebookMessenger, "audio/mpeg", 1000, "audio")]
    [InlineData(Channel.InstagramDm, "audio/mpeg", 1000, null)]
    [InlineData(Channel.InstagramDm, "image/webp", 1000, null)]
    [InlineData(Channel.InstagramDm, "image/jpeg", (8 * 1024 * 1024) + 1, null)]
    [InlineData(Channel.InstagramDm, "video/mp4", 25 * 1024 * 1024, "video")]
    [InlineData(Channel.InstagramDm, "application/zip", 1000, null)]
    public async Task A_file_that_the_channel_does_not_accept_is_refused(Channel channel, string contentType, long size, string? sentAs)
    {
        var conversation = await Given(Some.Conversation(channel: channel));
        var file = await GivenUpload(Some.Upload(contentType, size));
        var send = new SendMessage(conversation.Id, "Look", AttachmentIds: [file.Id]);

        if (sentAs is null) Assert.Equal("attachment_not_supported", await RefusalOf(send));
        else Assert.Equal(sentAs, (await Send(send))[1].Attachments[0].Type);

        Assert.Equal(sentAs is null ? 0 : 2, await Count(db => db.Messages));
    }

    [Fact]
    public async Task A_second_attempt_does_not_upload_the_file_again()
    {
        var message = await GivenFileAsync();
        MetaMessages.RefuseSends(RefusalClass.Transient);
        await Send(new DeliverMessages(message.ConversationId));
        Clock.Advance(TimeSpan.FromSeconds(3));
        MetaMessages.OnSend = _ => Task.FromResult("m_1");

        await Send(new DeliverMessages(message.ConversationId));

        Assert.Equal(MessageStatus.Sent, (await Row(db => db.Messages)).Status);
        Assert.Single(MetaMessages.Uploaded);
        Assert.Equal(["remote-cup.png", "remote-cup.png"], MetaMessages.Sent.Select(s => s.Message.Attachment!.RemoteId));
    }

    [Fact]
    public async Task A_failed_upload_is_repeated_and_nothing_is_sent_before()
    {
        var message = await GivenFileAsync();
        MetaMessages.OnUpload = _ => throw Some.Refused(RefusalClass.Transient);
        await Send(new DeliverMessages(message.ConversationId));
        Assert.Equal(MessageStatus.Queued, (await Row(db => db.Messages)).Status);
        Clock.Advance(TimeSpan.FromSeconds(3));
        MetaMessages.OnUpload = _ => Task.FromResult("1745504518999123");

        await Send(new DeliverMessages(message.ConversationId));

        Assert.Equal(MessageStatus.Sent, (await Row(db => db.Messages)).Status);
        Assert.Equal("1745504518999123", Assert.Single(MetaMessages.Sent).Message.Attachment!.RemoteId);
    }

    [Fact]
    public async Task An_upload_that_Meta_has_deleted_is_repeated()
    {
        var message = await GivenFileAsync();
        MetaMessages.RefuseSends(RefusalClass.Attachment);
        await Send(new DeliverMessages(message.ConversationId));
        Assert.Equal(MessageStatus.Failed, (await Row(db => db.Messages)).Status);
        MetaMessages.OnSend = _ => Task.FromResult("m_1");

        await Send(new RetryMessage(message.Id));
        await Send(new DeliverMessages(message.ConversationId));

        Assert.Equal((MessageStatus.Sent, 2), ((await Row(db => db.Messages)).Status, MetaMessages.Uploaded.Count));
    }

    [Fact]
    public async Task A_message_whose_file_is_missing_fails_without_calling_Meta()
    {
        var message = await GivenFileAsync();
        Media.Files.Clear();

        await Send(new DeliverMessages(message.ConversationId));

        var failed = await Row(db => db.Messages);
        Assert.Equal((MessageStatus.Failed, false), (failed.Status, failed.Error!.Retryable));
        Assert.Empty(MetaMessages.Sent);
    }

    [Fact]
    public async Task A_message_whose_file_cannot_be_read_now_is_sent_later()
    {
        var message = await GivenFileAsync();
        Media.Failure = UnavailableException.OfStorage("The storage of media does not answer.", new IOException());

        await Send(new DeliverMessages(message.ConversationId));
        var waiting = await Row(db => db.Messages);
        Media.Failure = null;
        Clock.Advance(TimeSpan.FromMinutes(1));
        await Send(new DeliverMessages(message.ConversationId));

        Assert.Equal((MessageStatus.Queued, "The storage of media does not answer."), (waiting.Status, waiting.Error!.Title));
        Assert.Equal(MessageStatus.Sent, (await Row(db => db.Messages)).Status);
        Assert.Empty(await Rows(db => db.SendRefusals));   // Meta has not refused anything
    }

    [Fact]
    public async Task The_claim_is_longer_during_an_upload_and_renewed_before_the_send()
    {
        var message = await GivenFileAsync();
        DateTimeOffset? duringUpload = null, duringSend = null;
        MetaMessages.OnUpload = async _ =>
        {
            duringUpload = (await Row(db => db.Messages)).ClaimedUntil;
            Clock.Advance(TimeSpan.FromSeconds(80));
            return "1";
        };
        MetaMessages.OnSend = async _ =>
        {
            duringSend = (await Row(db => db.Messages)).ClaimedUntil;
            return "m_1";
        };
        var begun = Clock.Now;

        await Send(new DeliverMessages(message.ConversationId));

        Assert.Equal(
            (begun + Message.ClaimLifetime + Message.UploadClaimExtension, begun.AddSeconds(80) + Message.ClaimLifetime),
            (duringUpload, duringSend));
    }

    [Fact]
    public async Task A_process_whose_claim_ended_during_the_upload_does_not_send_what_another_has_sent_meanwhile()
    {
        var message = await GivenFileAsync();
        var isFirst = true;
        MetaMessages.OnUpload = async _ =>
        {
            if (!isFirst) return "2";
            isFirst = false;
            Clock.Advance(Message.ClaimLifetime + Message.UploadClaimExtension);
            await Send(new ReconcileSend(message.Id));
            await Send(new DeliverMessages(message.ConversationId));
            return "1";
        };

        await Send(new DeliverMessages(message.ConversationId));

        Assert.Single(MetaMessages.Sent);
        Assert.Equal(MessageStatus.Sent, (await Row(db => db.Messages)).Status);
    }

    [Theory]
    [InlineData(Channel.FacebookMessenger)]
    [InlineData(Channel.InstagramDm)]
    public async Task The_echo_of_our_own_file_adds_no_message_whenever_it_arrives(Channel channel)
    {
        foreach (var when in new[] { "before", "after", "without" })
        {
            var message = await GivenFileAsync(channel);
            var mid = $"m_{when}";
            var echo = EchoPayload.Of(message, mid, "image");
            MetaMessages.OnSend = async _ =>
            {
                if (when is "before") await Receive(echo);
                return when is "without" ? throw Some.Refused(RefusalClass.OutcomeUnknown) : mid;
            };

            try
            {
                await Send(new DeliverMessages(message.ConversationId));
            }
            catch (DbUpdateConcurrencyException) when (when is "before")
            {
                // The dispatcher looks again, and finds it sent.
            }

            if (when is not "before") await Receive(echo);

            var only = Assert.Single(
                await Rows(db => db.Messages.Include(m => m.Attachments).Where(m => m.ConversationId == message.ConversationId)));
            Assert.Equal((MessageStatus.Sent, mid, "cup.png"), (only.Status, only.ExternalId, Assert.Single(only.Attachments).FileName));
            Assert.Empty(Jobs.Enqueued.OfType<DownloadAttachment>());
        }
    }

    [Fact]
    public async Task A_picture_that_somebody_else_sends_meanwhile_is_a_message_of_its_own()
    {
        var message = await GivenFileAsync(Channel.InstagramDm);
        MetaMessages.OnUpload = async _ =>
        {
            await Receive(EchoPayload.Of(message, "m_theirs", "image"));
            return "1";
        };

        await Send(new DeliverMessages(message.ConversationId));

        var all = await Rows(db => db.Messages.OrderBy(m => m.Id));
        Assert.Equal([MessageOrigin.Agent, MessageOrigin.External], all.Select(m => m.Origin));
        Assert.Equal("m_theirs", all[1].ExternalId);
        Assert.Single(MetaMessages.Sent);
    }

    [Fact]
    public async Task An_upload_that_is_not_sent_is_deleted_after_a_day_with_its_file()
    {
        var conversation = await Given(Some.Conversation());
        var forgotten = await Send(new UploadAttachment(new MemoryStream([1, 2, 3]), "forgotten.png", "image/png"));
        var sent = await Send(new UploadAttachment(new MemoryStream([1, 2, 3]), "sent.png", "image/png"));
        await Send(new SendMessage(conversation.Id, null, AttachmentIds: [sent.Id]));
        Clock.Advance(TimeSpan.FromHours(23));
        await Send(new DeleteUnsentUploads());
        Assert.Equal(4, Media.Files.Count);

        Clock.Advance(TimeSpan.FromHours(1));
        await Send(new DeleteUnsentUploads());

        Assert.Equal(sent.Id, (await Row(db => db.MessageAttachments)).Id);
        Assert.Equal(2, Media.Files.Count);
        Assert.Equal("attachment_not_found", (await Assert.ThrowsAsync<NotFoundException>(
            () => Send(new SendMessage(conversation.Id, null, AttachmentIds: [forgotten.Id])))).Code);
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

    private async Task<string> RefusalOf(SendMessage request) => (await Assert.ThrowsAnyAsync<DomainException>(() => Send(request))).Code;
}
