using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.WebUI.Tests;

/// <summary>Files on the way from Meta's hosts to the agent's browser, over HTTP at both ends.</summary>
public sealed class AttachmentTests(ConnectedPageFixture fixture) : IClassFixture<ConnectedPageFixture>
{
    private (string Customer, string Mid) lastSent;

    [Fact]
    public async Task A_picture_is_served_as_a_whole_as_a_thumbnail_and_by_range()
    {
        var picture = await ReceiveAsync("messenger", new { type = "image" });
        var content = $"api/attachments/{(long)picture["id"]!}/content";

        var whole = await fixture.Agent.GetAsync(content);
        var small = await fixture.Agent.GetAsync($"{content}?thumbnail=true");
        var part = await fixture.Agent.GetAsync(content, ("Range", "bytes=3-12"));

        Assert.Equal(("available", "image/jpeg"), ((string)picture["state"]!, (string)picture["contentType"]!));
        Assert.Equal((200, "image/jpeg", (long)picture["size"]!), (whole.Status, whole.ContentType, whole.Bytes.Length));
        Assert.Equal(("nosniff", "bytes"), (whole.Headers["X-Content-Type-Options"], whole.Headers["Accept-Ranges"]));
        Assert.Contains("sandbox", whole.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.False(whole.Headers.ContainsKey("Content-Disposition"));
        Assert.Equal((200, "image/webp"), (small.Status, small.ContentType));
        Assert.Equal(206, part.Status);
        Assert.Equal(whole.Bytes[3..13], part.Bytes);
        Assert.Equal(416, (await fixture.Agent.GetAsync(content, ("Range", "bytes=99999999-"))).Status);
    }

    [Fact]
    public async Task Links_of_a_customer_name_the_host_that_they_lead_to()
    {
        var (customer, conversationId) = await fixture.CustomerAsync();
        var body = Encoding.UTF8.GetBytes(
            $$$"""
            {"object":"page","entry":[{"id":"{{{Some.PageId}}}","messaging":[{"sender":{"id":"{{{customer}}}"},
              "recipient":{"id":"{{{Some.PageId}}}"},"timestamp":1760000000123,
            "message":{"mid":"{{{Some.Unique("m_link")}}}","attachments":[
                {"type":"fallback","payload":{"title":"Your bank","url":"https://link.example/a"}},
                {"type":"image","payload":{"url":"https://picture.example/b"}}]}}]}]}
            """);
        using var meta = fixture.App.Anonymous();
        await meta.DeliverAsync(body, Payload.Sign(body, MetaSimulator.SimulatorOptions.DefaultAppSecret));

        await Until.True(
            async () => (await fixture.Agent.GetAsync($"inbox/{conversationId}")).Text is var page
                && page.Contains("<small>link.example</small>", StringComparison.Ordinal)
                && page.Contains(">Open it at picture.example</a>", StringComparison.Ordinal),
            "both links name their hosts");
    }

    [Fact]
    public async Task An_instagram_voice_note_is_audio_although_its_type_says_video()
    {
        var voice = await ReceiveAsync("instagram", new { type = "audio", sample = "voice-note.mp4" });

        var answer = await fixture.Agent.GetAsync($"api/attachments/{(long)voice["id"]!}/content");

        Assert.Equal((200, "audio/mp4"), (answer.Status, answer.ContentType));
    }

    [Theory]
    [InlineData("page.html", "<!DOCTYPE html><script>alert(1)</script>")]
    [InlineData("drawing.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>")]
    [InlineData("feed.xml", "<?xml version=\"1.0\"?><x:script xmlns:x=\"http://www.w3.org/1999/xhtml\">alert(1)</x:script>")]
    [InlineData("script.js", "alert(1)")]
    [InlineData("archive.zip", "PK\u0003\u0004 and so on")]
    public async Task A_file_that_a_browser_could_run_is_a_download(string name, string content)
    {
        var file = await ReceiveAsync("messenger", new { type = "file", mediaId = await UploadAsync(name, content) });

        var answer = await fixture.Agent.GetAsync($"api/attachments/{(long)file["id"]!}/content");

        Assert.Equal((200, "application/octet-stream"), (answer.Status, answer.ContentType));
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        Assert.StartsWith("attachment;", answer.Headers["Content-Disposition"], StringComparison.Ordinal);
        Assert.Contains(name, answer.Headers["Content-Disposition"], StringComparison.Ordinal);
        Assert.Contains("sandbox", answer.Headers["Content-Security-Policy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pdf_is_shown_in_place()
    {
        var file = await ReceiveAsync("messenger", new { type = "file" });

        var answer = await fixture.Agent.GetAsync($"api/attachments/{(long)file["id"]!}/content");

        Assert.Equal(
            (200, "application/pdf", false), (answer.Status, answer.ContentType, answer.Headers.ContainsKey("Content-Disposition")));
    }

    [Theory]
    [InlineData("story_mention")]
    [InlineData("story")]
    [InlineData("ig_story")]
    [InlineData("ephemeral")]
    public async Task A_story_is_kept_as_a_link_and_not_downloaded(string type)
    {
        var story = await ReceiveAsync("instagram", new { type });

        Assert.Equal(("available", null), ((string)story["state"]!, (string?)story["url"]));
        Assert.Equal(404, (await fixture.Agent.GetAsync($"api/attachments/{(long)story["id"]!}/content")).Status);
    }

    [Fact]
    public async Task A_shared_reel_that_leads_to_a_page_stays_a_link()
    {
        var reel = await ReceiveAsync("messenger", new { type = "reel", url = new Uri(fixture.Meta.BaseAddress, "phone").ToString() });

        Assert.Equal(("available", null), ((string)reel["state"]!, (string?)reel["url"]));
        Assert.NotNull((string?)reel["sourceUrl"]);
    }

    [Fact]
    public async Task An_address_that_has_expired_is_renewed_through_the_message()
    {
        // The simulator signs addresses with the second of the request, so an address requested a second later differs.
        await fixture.Meta.Control.PlanFaultAsync(
            new { operation = "media", httpStatus = 403, message = "URL signature expired", delayMs = 1100 });

        var picture = await ReceiveAsync("messenger", new { type = "image", sample = "latte.jpg" });

        Assert.Equal("available", (string)picture["state"]!);
        Assert.NotEmpty(await fixture.Meta.Control.GetCallsAsync("message"));
    }

    [Fact]
    public async Task A_failed_download_is_retried_through_the_api()
    {
        var picture = await ReceiveAsync("messenger", new { type = "image", mediaId = await UploadAsync("empty.jpg", "") });
        Assert.Equal("failed", (string)picture["state"]!);
        var retry = $"api/attachments/{(long)picture["id"]!}/retry";

        var answer = await fixture.Agent.PostAsync(retry);

        Assert.Equal((202, "pending"), (answer.Status, (string)answer.Json["attachments"]![0]!["state"]!));
        var message = answer.Headers["Location"];
        await Until.Found(
            async () => (string)(await fixture.Agent.GetAsync(message)).Json["attachments"]![0]!["state"]!,
            state => state is "failed", "the empty file has been asked for again");
        Assert.Equal(404, (await fixture.Agent.PostAsync("api/attachments/999999/retry")).Status);
        var stored = await ReceiveAsync("messenger", new { type = "image" });
        Assert.Equal(409, (await fixture.Agent.PostAsync($"api/attachments/{(long)stored["id"]!}/retry")).Status);
    }

    [Fact]
    public async Task The_text_and_file_of_an_unsent_message_are_gone_from_the_disk()
    {
        var (text, mark) = ($"secret-{Guid.NewGuid():N}", $"mark-{Guid.NewGuid():N}");
        var picture = await File.ReadAllBytesAsync(
            Repository.PathOf("tests", "MetaSimulator", "site", "samples", "cup.jpg"), TestContext.Current.CancellationToken);
        var mediaId = await UploadAsync("cup.jpg", [.. picture, .. Encoding.UTF8.GetBytes(mark)]);
        var attachment = await ReceiveAsync("instagram", new { type = "image", mediaId }, text);
        var (customer, mid) = lastSent;
        Assert.Equal((true, true), (await IsOnDiskAsync(text), await IsOnDiskAsync(mark)));

        await fixture.Meta.Control.EditAsync(customer, mid, $"{text}, edited");
        await fixture.Meta.Control.UnsendAsync(customer, mid);
        await fixture.Meta.Control.WaitUntilIdleAsync();

        await Until.True(
            () => fixture.App.InDatabaseAsync(db =>
                db.Messages.AnyAsync(m => m.ExternalId == mid && m.DeletedAt != null && m.EraseDueAt == null)),
            "the unsent message is erased");
        await Until.True(async () => !await IsOnDiskAsync(text), "the text is gone");
        Assert.False(await IsOnDiskAsync(mark));
        Assert.Equal(404, (await fixture.Agent.GetAsync($"api/attachments/{(long)attachment["id"]!}/content")).Status);
    }

    /// <summary>Searches all files in the app's folder: the database, its write-ahead log and the media.</summary>
    private async Task<bool> IsOnDiskAsync(string needle)
    {
        var wanted = Encoding.UTF8.GetBytes(needle);
        foreach (var file in Directory.EnumerateFiles(fixture.App.Folder.Path, "*", SearchOption.AllDirectories))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var content = new MemoryStream();
            await stream.CopyToAsync(content, TestContext.Current.CancellationToken);
            if (content.GetBuffer().AsSpan(0, (int)content.Length).IndexOf(wanted) >= 0) return true;
        }

        return false;
    }

    private Task<string> UploadAsync(string name, string content) => UploadAsync(name, Encoding.UTF8.GetBytes(content));

    private async Task<string> UploadAsync(string name, byte[] content)
    {
        using var body = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        using var answer = await fixture.Meta.Control.Http.PostAsync($"sim/media?name={name}", body, TestContext.Current.CancellationToken);
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["mediaId"]!;
    }

    /// <summary>A new customer sends the attachment; returns when it is processed. The customer has no portrait to be fetched.</summary>
    private async Task<JsonNode> ReceiveAsync(string channel, object attachment, string? text = null)
    {
        var customer = await fixture.Meta.Control.CreateCustomerAsync(
            new { pageId = Some.PageId, channel, name = "Some Body", profile = "noProfile" });
        var sent = await fixture.Meta.Control.WriteAsync(customer, new { text, attachments = new[] { attachment } });
        lastSent = (customer, sent.Mid);
        return (await Until.Found(
            async () =>
            {
                var contact = (await fixture.Agent.GetAsync($"api/contacts?q={customer}")).Json["items"]!.AsArray().SingleOrDefault();
                var conversation = contact?["conversations"]!.AsArray().SingleOrDefault();
                if (conversation is null) return null;
                var messages = await fixture.Agent.GetAsync($"api/conversations/{(long)conversation["id"]!}/messages");
                return messages.Json["items"]!.AsArray().SingleOrDefault(m => (string)m!["externalId"]! == sent.Mid)?["attachments"]![0];
            },
            a => a is not null && (string)a["state"]! != "pending", "the attachment is no longer pending"))!;
    }
}
