using MetaMessaging.Application.Common;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Inbound;

public class RetryDownloadTests(SliceFixture app) : SliceTest(app)
{
    private static readonly AttachmentContent Expired = new("image", "https://scontent.xx.fbcdn.net/cup.jpg");

    [Fact]
    public async Task A_failed_download_is_started_over_at_a_new_address()
    {
        var attachment = await GivenFailedAsync();
        MetaMessages.OnMessage = _ => new FoundMessage(
            Some.Psid, Some.PageId, null, Clock.Now, [new AttachmentContent("image", "https://scontent.xx.fbcdn.net/cup.jpg?fresh")]);

        var pending = Assert.Single((await Send(new RetryDownload(attachment))).Attachments);
        Assert.Equal((AttachmentState.Pending, null), (pending.State, pending.Problem));
        Assert.Contains(new DownloadAttachment(attachment), Jobs.Enqueued);
        await Send(new DownloadAttachment(attachment));

        var stored = await Row(db => db.MessageAttachments);
        Assert.Equal((AttachmentState.Available, "https://scontent.xx.fbcdn.net/cup.jpg?fresh"), (stored.State, stored.SourceUrl));
    }

    [Fact]
    public async Task A_retried_download_may_fail_as_often_as_the_first()
    {
        var attachment = await GivenFailedAsync();
        Media.OnDownload = _ => throw new MediaUnavailableException("no answer", mayRecover: true);

        await Send(new RetryDownload(attachment));
        await Send(new DownloadAttachment(attachment));

        var pending = await Row(db => db.MessageAttachments);
        Assert.Equal((AttachmentState.Pending, 1, "no answer"), (pending.State, pending.Attempts, pending.Problem));
    }

    [Fact]
    public async Task Only_a_failed_download_can_be_retried()
    {
        var message = await Given(Some.Inbound(Some.Conversation(), null, null, "m_1", Expired));
        await Send(new DownloadAttachment(message.Attachments[0].Id));

        var refused = await Assert.ThrowsAsync<ConflictException>(() => Send(new RetryDownload(message.Attachments[0].Id)));

        Assert.Equal("attachment_not_failed", refused.Code);
    }

    [Fact]
    public async Task An_unknown_attachment_is_not_found()
    {
        var unknown = await Assert.ThrowsAsync<NotFoundException>(() => Send(new RetryDownload(4711)));

        Assert.Equal("attachment_not_found", unknown.Code);
    }

    /// <summary>Its address has expired, and Meta no longer answers for the message at first.</summary>
    private async Task<long> GivenFailedAsync()
    {
        var attachment = (await Given(Some.Inbound(Some.Conversation(), null, null, "m_1", Expired))).Attachments[0];
        Media.OnDownload = address => address.Query.Contains("fresh", StringComparison.Ordinal)
            ? new StoredMedia("2025/10/key", null, "image/jpeg", 3, null)
            : throw new MediaUnavailableException("expired", mayRecover: false);
        await Send(new DownloadAttachment(attachment.Id));
        Assert.Equal(AttachmentState.Failed, (await Row(db => db.MessageAttachments)).State);
        return attachment.Id;
    }
}
