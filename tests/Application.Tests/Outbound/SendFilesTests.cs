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
    public async Task Each_file_is_a_message_behind_the_text_and_all_are_one_send()
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
        Assert.Equal([null, null, 1], MetaMessages.Sent.Select(s => s.Message.QuickReplies?.Count));
        Assert.Equal("Picture", (await Row(db => db.Conversations)).LastMessagePreview);
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
    public async Task Of_two_sends_at_once_that_name_the_same_file_one_gets_it()
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
    public async Task A_file_is_what_its_channel_takes(Channel channel, string contentType, long size, string? sentAs)
    {
        var conversation = await Given(Some.Conversation(channel: channel));
        var file = await GivenUpload(Some.Upload(contentType, size));
        var send = new SendMessage(conversation.Id, "Look", AttachmentIds: [file.Id]);

        if (sentAs is null) Assert.Equal("attachment_not_supported", await RefusalOf(send));
        else Assert.Equal(sentAs, (await Send(send))[1].Attachments[0].Type);

        Assert.Equal(sentAs is null ? 0 : 2, await Count(db => db.Messages));
    }

    [Fact]
    public async Task A_try_that_meta_did_not_take_does_not_upload_again()
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
    public async Task An_upload_that_failed_is_repeated_and_nothing_was_sent()
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
    public async Task What_meta_has_forgotten_is_uploaded_again()
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
    public async Task A_file_that_is_gone_fails_and_nobody_is_asked()
    {
        var message = await GivenFileAsync();
        Media.Files.Clear();

        await Send(new DeliverMessages(message.ConversationId));

        var failed = await Row(db => db.Messages);
        Assert.Equal((MessageStatus.Failed, false), (failed.Status, failed.Error!.Retryable));
        Assert.Empty(MetaMessages.Sent);
    }

    [Fact]
    public async Task While_a_file_is_uploaded_the_claim_holds_longer_and_begins_anew_before_the_send()
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
            (begun + Message.ClaimLifetime + Message.UploadLifetime, begun.AddSeconds(80) + Message.ClaimLifetime),
            (duringUpload, duringSend));
    }

    [Fact]
    public async Task A_crash_in_the_middle_of_an_upload_sent_nothing_whatever_meta_shows()
    {
        var message = await GivenFileAsync();
        await Change(async db => (await db.Messages.Include(m => m.Attachments).SingleAsync()).TryClaim(Clock.Now));
        Clock.Advance(Message.ClaimLifetime + Message.UploadLifetime);
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
    public async Task A_file_at_meta_is_proof_when_it_may_be_ours(string contentType, string? text, string[] kinds, bool isProof)
    {
        var message = await GivenUnansweredAsync(Some.Upload(contentType));
        MetaMessages.OnListRecent = _ => [Shown("m_found", text, kinds)];

        await Send(new ReconcileSend(message.Id));

        Assert.Equal(
            isProof ? MessageStatus.Sent : MessageStatus.Queued, (await Row(db => db.Messages.Where(m => m.Id == message.Id))).Status);
    }

    [Fact]
    public async Task A_file_that_another_message_claims_is_no_proof_and_one_that_none_does_is()
    {
        var message = await GivenUnansweredAsync(Some.Upload());
        await Given(Some.Sent(message.Conversation, "x", Clock.Now, "m_taken"));
        MetaMessages.OnListRecent = _ => [Shown("m_taken", null, "image"), Shown("m_free", null, "image")];

        await Send(new ReconcileSend(message.Id));

        Assert.Equal("m_free", (await Row(db => db.Messages.Where(m => m.Id == message.Id))).ExternalId);
    }

    [Theory]
    [InlineData(Channel.FacebookMessenger)]
    [InlineData(Channel.InstagramDm)]
    public async Task The_echo_of_our_own_file_adds_nothing_whenever_it_comes(Channel channel)
    {
        foreach (var when in new[] { "before", "after", "without" })
        {
            var message = await GivenFileAsync(channel);
            var mid = $"m_{when}";
            var echo = Echo(message, mid, "image");
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
    public async Task A_picture_that_a_colleague_sends_meanwhile_stays_theirs()
    {
        var message = await GivenFileAsync(Channel.InstagramDm);
        MetaMessages.OnUpload = async _ =>
        {
            await Receive(Echo(message, "m_theirs", "image"));
            return "1";
        };

        await Send(new DeliverMessages(message.ConversationId));

        var all = await Rows(db => db.Messages.OrderBy(m => m.Id));
        Assert.Equal([MessageOrigin.Agent, MessageOrigin.External], all.Select(m => m.Origin));
        Assert.Equal("m_theirs", all[1].ExternalId);
        Assert.Single(MetaMessages.Sent);
    }

    [Fact]
    public async Task A_part_that_failed_holds_back_its_own_send_and_no_other()
    {
        var (conversation, parts) = await GivenFailedFirstPartAsync();
        await Send(new SendMessage(conversation.Id, "another send"));

        await Send(new DeliverMessages(conversation.Id));

        Assert.Equal([MessageStatus.Failed, MessageStatus.Queued, MessageStatus.Queued, MessageStatus.Sent], await StatusesAsync());
        Assert.Equal(["another send"], MetaMessages.Sent.Skip(1).Select(s => s.Text));
        var held = await Row(db => db.Messages.Where(m => m.Id == parts[1]));
        Assert.Equal(Clock.Now.AddHours(1), held.HeldUntil);
        Assert.Contains("part before it has failed", held.Error!.Title, StringComparison.Ordinal);
        Assert.Equal((new DeliverMessages(conversation.Id), Clock.Now.AddHours(1)), Assert.Single(Jobs.Scheduled));
    }

    [Fact]
    public async Task Sent_again_the_failed_part_takes_those_behind_it_along()
    {
        var (conversation, parts) = await GivenFailedFirstPartAsync();
        await Send(new SendMessage(conversation.Id, "another send"));
        await Send(new DeliverMessages(conversation.Id));

        await Send(new RetryMessage(parts[0]));
        await Send(new DeliverMessages(conversation.Id));

        Assert.All(await StatusesAsync(), status => Assert.Equal(MessageStatus.Sent, status));
        Assert.Equal(["one", "another send", "one", null, null], MetaMessages.Sent.Select(s => s.Text));
    }

    [Fact]
    public async Task After_an_hour_the_parts_behind_fail_as_well_and_still_come_along_later()
    {
        var (conversation, parts) = await GivenFailedFirstPartAsync();
        await Send(new DeliverMessages(conversation.Id));
        Clock.Advance(TimeSpan.FromMinutes(59));
        await Send(new DeliverMessages(conversation.Id));
        Assert.Equal([MessageStatus.Failed, MessageStatus.Queued, MessageStatus.Queued], await StatusesAsync());

        Clock.Advance(TimeSpan.FromMinutes(1));
        await Send(new DeliverMessages(conversation.Id));

        Assert.All(
            await Rows(db => db.Messages),
            m => Assert.Equal((MessageStatus.Failed, true), (m.Status, m.Error!.Retryable || m.Id == parts[0])));
        await Send(new RetryMessage(parts[0]));
        await Send(new DeliverMessages(conversation.Id));
        Assert.All(await StatusesAsync(), status => Assert.Equal(MessageStatus.Sent, status));
    }

    [Fact]
    public async Task A_later_part_that_is_sent_again_waits_for_none_before_it()
    {
        var (conversation, parts) = await GivenFailedFirstPartAsync();
        await Send(new DeliverMessages(conversation.Id));
        Clock.Advance(TimeSpan.FromHours(1));
        await Send(new DeliverMessages(conversation.Id));

        await Send(new RetryMessage(parts[1]));
        await Send(new DeliverMessages(conversation.Id));

        Assert.Equal([MessageStatus.Failed, MessageStatus.Sent, MessageStatus.Queued], await StatusesAsync());
    }

    [Fact]
    public async Task An_echo_after_all_lets_the_held_parts_go()
    {
        var connection = await Given(Some.SampleConnection());
        var conversation = await Given(Some.Conversation(connection: connection, customerId: Some.Psid));
        var file = await GivenUpload(Some.Upload());
        await Send(new SendMessage(conversation.Id, "one", AttachmentIds: [file.Id]));
        MetaMessages.RefuseSends(RefusalClass.Parameter);
        await Send(new DeliverMessages(conversation.Id));
        MetaMessages.OnSend = _ => Task.FromResult("m_2");
        var first = (await Rows(db => db.Messages.OrderBy(m => m.Id)))[0];

        await Receive(Echo(first, "m_1", null));
        await Send(new DeliverMessages(conversation.Id));

        Assert.Equal([MessageStatus.Sent, MessageStatus.Sent], await StatusesAsync());
    }

    [Fact]
    public async Task An_upload_that_nobody_sends_is_gone_after_a_day_with_its_file()
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

    private static RemoteMessage Shown(string mid, string? text, params string[] kinds) =>
        new(mid, "the page", text, Some.Now.AddMinutes(10), kinds);

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

    /// <summary>Meta has the file and was asked to send it; no answer came.</summary>
    private async Task<Message> GivenUnansweredAsync(MessageAttachment file)
    {
        var message = await GivenFileAsync(file: file);
        MetaMessages.RefuseSends(RefusalClass.OutcomeUnknown);
        await Send(new DeliverMessages(message.ConversationId));
        Clock.Advance(Message.ClaimLifetime);
        return message;
    }

    private async Task<(Conversation Conversation, long[] Parts)> GivenFailedFirstPartAsync()
    {
        var conversation = await Given(Some.Conversation());
        long[] files = [(await GivenUpload(Some.Upload())).Id, (await GivenUpload(Some.Upload())).Id];
        var parts = await Send(new SendMessage(conversation.Id, "one", AttachmentIds: files));
        MetaMessages.OnSend = sent => MetaMessages.Sent.Count == 1 ? throw Some.Refused(RefusalClass.Parameter) : Task.FromResult("");
        return (conversation, [.. parts.Select(p => p.Id)]);
    }

    private Task<List<MessageStatus>> StatusesAsync() => Rows(db => db.Messages.OrderBy(m => m.Id).Select(m => m.Status));

    private async Task<string> RefusalOf(SendMessage request) => (await Assert.ThrowsAnyAsync<DomainException>(() => Send(request))).Code;

    private static byte[] Echo(Message message, string mid, string? kind)
    {
        var (connection, customer) = (message.Conversation?.Connection, message.Conversation?.ScopedUserId ?? Some.Psid);
        var isMessenger = message.Channel is Channel.FacebookMessenger;
        var account = isMessenger ? connection?.PageId ?? Some.PageId : connection!.IgAccountId!;
        var content = kind is null
            ? "\"text\":\"one\""
            : $"\"attachments\":[{{\"type\":\"{kind}\",\"payload\":{{\"url\":\"https://scontent.xx.fbcdn.net/cup.png\"}}}}]";
        var ours = isMessenger ? $"\"app_id\":123456789012345,\"metadata\":\"{message.Metadata}\"," : "";
        var messaging = $$$"""
            {"sender":{"id":"{{{account}}}"},"recipient":{"id":"{{{customer}}}"},"timestamp":1760000300000,
            "message":{"mid":"{{{mid}}}","is_echo":true,{{{ours}}}{{{content}}}}}
            """;
        return isMessenger
            ? Payload.Event(account, 1760000300000, messaging)
            : System.Text.Encoding.UTF8.GetBytes(
                $$$"""{"object":"instagram","entry":[{"id":"{{{account}}}","time":1760000300000,"messaging":[{{{messaging}}}]}]}""");
    }
}
