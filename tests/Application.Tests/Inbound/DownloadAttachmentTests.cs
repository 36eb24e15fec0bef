using MetaMessaging.Application.Common;
using MetaMessaging.Application.Inbound;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.Application.Tests.Inbound;

public class DownloadAttachmentTests(SliceFixture app) : SliceTest(app)
{
    [Fact]
    public async Task A_picture_is_downloaded_and_shown()
    {
        var attachment = await GivenAttachmentAsync();

        await Send(new DownloadAttachment(attachment.Id));

        var stored = await Row(db => db.MessageAttachments);
        Assert.Equal((AttachmentState.Available, "image/jpeg", 3L), (stored.State, stored.ContentType, stored.Size));
        Assert.NotNull(stored.SourceUrl);
        Assert.Contains(Live.Pushed, p => p.StartsWith("updated", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_download_waits_while_the_inbound_worker_is_behind()
    {
        var attachment = await GivenAttachmentAsync();
        Load.Level = LoadLevel.NoDownloads;

        await Send(new DownloadAttachment(attachment.Id));

        Assert.Empty(Media.Asked);
        var later = Assert.Single(Jobs.Scheduled);
        Assert.Equal(new DownloadAttachment(attachment.Id), later.Job);
        Load.Level = LoadLevel.Normal;
        await Send(later.Job);
        Assert.Single(Media.Asked);
    }

    [Fact]
    public async Task A_forbidden_download_is_refused_with_the_reason_and_not_retried()
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
    public async Task A_failed_download_is_retried_with_growing_delays_and_then_given_up()
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
    public async Task A_download_whose_address_has_expired_is_given_up_at_once()
    {
        var attachment = await GivenAttachmentAsync();
        Media.OnDownload = _ => throw new MediaUnavailableException("gone", mayRecover: false);

        await Send(new DownloadAttachment(attachment.Id));

        Assert.Equal(AttachmentState.Failed, (await Row(db => db.MessageAttachments)).State);
        Assert.Empty(Jobs.Scheduled);
    }

    [Fact]
    public async Task A_download_that_is_not_due_yet_does_nothing()
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
    public async Task An_invalid_address_is_refused(string address)
    {
        var attachment = await GivenAttachmentAsync(address);
        Media.OnDownload = _ => throw new MediaRefusedException("not https");

        await Send(new DownloadAttachment(attachment.Id));

        Assert.Equal(AttachmentState.Refused, (await Row(db => db.MessageAttachments)).State);
    }

    [Fact]
    public async Task A_new_address_is_requested_once_when_the_old_one_has_expired()
    {
        var audio = new AttachmentContent("audio", "https://cdn.fbsbx.com/old.mp4");
        var message = await Given(Some.Inbound(Some.Conversation(), null, null, "m_1", Image("1"), audio, Image("2")));
        Media.OnDownload = address => address.Query.Contains("fresh", StringComparison.Ordinal)
            ? new StoredMedia("2025/10/key", null, "image/jpeg", 3, null)
            : throw new MediaUnavailableException("expired", mayRecover: false);
        var video = new AttachmentContent("video", "https://video.xx.fbcdn.net/a.mp4?fresh");
        MetaMessages.OnMessage = _ =>
            new FoundMessage(Some.Psid, Some.PageId, null, Clock.Now, [Image("1?fresh"), Image("2?fresh"), video]);

        await Send(new DownloadAttachment(message.Attachments[2].Id));
        await Send(new DownloadAttachment(message.Attachments[1].Id));

        var stored = await Rows(db => db.MessageAttachments.OrderBy(a => a.Id));
        Assert.Equal((AttachmentState.Available, "https://scontent.xx.fbcdn.net/2?fresh"), (stored[2].State, stored[2].SourceUrl));
        Assert.Equal((AttachmentState.Available, "https://video.xx.fbcdn.net/a.mp4?fresh"), (stored[1].State, stored[1].SourceUrl));
        Assert.Equal(["message m_1", "message m_1"], MetaMessages.Calls);
    }

    [Fact]
    public async Task A_download_is_given_up_when_the_new_address_has_expired_as_well()
    {
        var attachment = await GivenAttachmentAsync();
        Media.OnDownload = _ => throw new MediaUnavailableException("expired", mayRecover: false);
        MetaMessages.OnMessage = _ => new FoundMessage(Some.Psid, Some.PageId, null, Clock.Now, [Image("fresh")]);

        await Send(new DownloadAttachment(attachment.Id));
        await Send(new DownloadAttachment(attachment.Id));

        var failed = await Row(db => db.MessageAttachments);
        Assert.Equal((AttachmentState.Failed, "expired", (DateTimeOffset?)null), (failed.State, failed.Problem, failed.NextAttemptAt));
        Assert.Equal((1, 2), (MetaMessages.Calls.Count, Media.Asked.Count));
    }

    [Fact]
    public async Task A_download_is_retried_while_meta_cannot_give_a_new_address()
    {
        var attachment = await GivenAttachmentAsync();
        Media.OnDownload = _ => throw new MediaUnavailableException("expired", mayRecover: false);
        MetaMessages.OnMessage = _ => throw Some.Refused(RefusalClass.Rate);

        await Send(new DownloadAttachment(attachment.Id));

        Assert.Equal((AttachmentState.Pending, 1), ((await Row(db => db.MessageAttachments)).State, Jobs.Scheduled.Count));
    }

    [Theory]
    [InlineData("ig_reel")]
    [InlineData("reel")]
    [InlineData("post")]
    [InlineData("ig_post")]
    [InlineData("share")]
    public async Task A_shared_post_that_is_a_web_page_stays_a_link(string type)
    {
        var attachment = await GivenAttachmentAsync("https://www.facebook.com/reel/1", type);
        Media.OnDownload = _ => throw new MediaRefusedException("The address leads to a page, not to a file.");

        await Send(new DownloadAttachment(attachment.Id));

        var link = await Row(db => db.MessageAttachments);
        Assert.Equal((AttachmentState.Available, null, (DateTimeOffset?)null), (link.State, link.StorageKey, link.NextAttemptAt));
        Assert.NotNull(link.SourceUrl);
    }

    [Theory]
    [InlineData("story_mention")]
    [InlineData("story")]
    [InlineData("ig_story")]
    [InlineData("ephemeral")]
    [InlineData("never_seen_before")]
    public async Task Attachments_that_must_not_be_kept_are_not_downloaded(string type)
    {
        var attachment = await GivenAttachmentAsync("https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1", type);

        await Send(new DownloadAttachment(attachment.Id));

        Assert.Empty(Media.Asked);
        Assert.Equal((AttachmentState.Available, (DateTimeOffset?)null), (attachment.State, attachment.NextAttemptAt));
    }

    [Fact]
    public async Task A_file_is_never_stored_when_its_row_was_erased_during_the_download()
    {
        var attachment = await GivenAttachmentAsync();
        var download = Media.OnDownload;
        Media.OnDownload = address =>
        {
            Change(db => db.MessageAttachments.ExecuteDeleteAsync()).GetAwaiter().GetResult();
            return download(address);
        };

        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => Send(new DownloadAttachment(attachment.Id)));
        await Send(new DownloadAttachment(attachment.Id));

        Assert.Empty(Media.Files);
        Assert.Empty(Media.Published);
    }

    [Fact]
    public async Task Jobs_that_run_at_the_same_time_download_once()
    {
        var attachment = await GivenAttachmentAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Send(new DownloadAttachment(attachment.Id))));

        Assert.Single(Media.Asked);
    }

    private static AttachmentContent Image(string name) => new("image", $"https://scontent.xx.fbcdn.net/{name}");

    private async Task<MessageAttachment> GivenAttachmentAsync(
        string url = "https://scontent.xx.fbcdn.net/cup.jpg", string type = "image") =>
        (await Given(Some.Inbound(Some.Conversation(), null, null, null, new AttachmentContent(type, url)))).Attachments[0];
}
