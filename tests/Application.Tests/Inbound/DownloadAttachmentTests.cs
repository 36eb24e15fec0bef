using MetaMessaging.Application.Common;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;

namespace MetaMessaging.Application.Tests.Inbound;

public class DownloadAttachmentTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task A_picture_is_stored_and_shown()
    {
        var attachment = await GivenAttachmentAsync();

        await Send(new DownloadAttachment(attachment.Id));

        var stored = await Row(db => db.MessageAttachments);
        Assert.Equal((AttachmentState.Available, "image/jpeg", 3L), (stored.State, stored.ContentType, stored.Size));
        Assert.NotNull(stored.SourceUrl);
        Assert.Contains(Live.Pushed, p => p.StartsWith("updated", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_must_not_be_fetched_is_refused_for_good_with_the_reason()
    {
        var attachment = await GivenAttachmentAsync();
        Media.OnDownload = _ => throw new MediaRefusedException("evil.example is not a host of Meta's");

        await Send(new DownloadAttachment(attachment.Id));
        await Send(new DownloadAttachment(attachment.Id));

        var refused = await Row(db => db.MessageAttachments);
        Assert.Equal((AttachmentState.Refused, "evil.example is not a host of Meta's"), (refused.State, refused.Problem));
        Assert.Single(Media.Asked);
        Assert.Empty(Jobs.Scheduled);
    }

    [Fact]
    public async Task A_failed_download_is_tried_again_ever_later_and_then_given_up()
    {
        var attachment = await GivenAttachmentAsync();
        Media.OnDownload = _ => throw new MediaUnavailableException("no answer", mayRecover: true);

        for (var i = 0; i < 10; i++)
        {
            await Send(new DownloadAttachment(attachment.Id));
            Clock.Advance(TimeSpan.FromHours(1));
        }

        var failed = await Row(db => db.MessageAttachments);
        Assert.Equal((AttachmentState.Failed, "no answer"), (failed.State, failed.Problem));
        Assert.Equal(MessageAttachment.MaxAttempts, Media.Asked.Count);
        Assert.Equal(MessageAttachment.MaxAttempts - 1, Jobs.Scheduled.Count);
        Assert.NotNull(failed.SourceUrl);
    }

    [Fact]
    public async Task An_address_that_has_expired_is_given_up_at_once()
    {
        var attachment = await GivenAttachmentAsync();
        Media.OnDownload = _ => throw new MediaUnavailableException("gone", mayRecover: false);

        await Send(new DownloadAttachment(attachment.Id));

        Assert.Equal(AttachmentState.Failed, (await Row(db => db.MessageAttachments)).State);
        Assert.Empty(Jobs.Scheduled);
    }

    [Fact]
    public async Task Before_its_time_nothing_is_fetched()
    {
        var attachment = await GivenAttachmentAsync();
        Media.OnDownload = _ => throw new MediaUnavailableException("no answer", mayRecover: true);
        await Send(new DownloadAttachment(attachment.Id));

        Clock.Advance(TimeSpan.FromSeconds(4));
        await Send(new DownloadAttachment(attachment.Id));

        Assert.Single(Media.Asked);
        Assert.Equal(Some.Now.AddSeconds(5), Assert.Single(Jobs.Scheduled).At);
    }

    [Theory]
    [InlineData("not an address")]
    [InlineData("/relative")]
    public async Task What_is_no_address_is_refused(string address)
    {
        var attachment = await GivenAttachmentAsync(address);
        Media.OnDownload = _ => throw new MediaRefusedException("not https");

        await Send(new DownloadAttachment(attachment.Id));

        Assert.Equal(AttachmentState.Refused, (await Row(db => db.MessageAttachments)).State);
    }

    private async Task<MessageAttachment> GivenAttachmentAsync(string url = "https://scontent.xx.fbcdn.net/cup.jpg") =>
        (await Given(Some.Inbound(Some.Conversation(), null, null, null, new AttachmentContent("image", url)))).Attachments[0];
}
