using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using MetaMessaging.Testing;

namespace MetaMessaging.WebUI.Tests;

/// <summary>Files from the agent's browser, or from other software, to the customer's phone.</summary>
public sealed class UploadTests(MessagingTests.World world) : IClassFixture<MessagingTests.World>
{
    private const int Megabyte = 1024 * 1024;

    private static readonly byte[] Picture = File.ReadAllBytes(Repository.PathOf("tests", "MetaSimulator", "site", "samples", "cup.jpg"));
    private static readonly byte[] Pdf = File.ReadAllBytes(Repository.PathOf("tests", "MetaSimulator", "site", "samples", "price-list.pdf"));

    [Fact]
    public async Task An_upload_is_kept_and_can_be_looked_at()
    {
        var uploaded = await UploadAsync(Picture, "Blaue Tasse \ud83d\ude0d.jpg", "image/jpeg");

        Assert.Equal(201, uploaded.Status);
        var id = (long)uploaded.Json["id"]!;
        Assert.Equal(["contentType", "fileName", "id", "size"], uploaded.Json.AsObject().Select(p => p.Key).Order());
        Assert.Equal(("image/jpeg", Picture.Length, "Blaue Tasse \ud83d\ude0d.jpg"), ((string)uploaded.Json["contentType"]!, (int)uploaded.Json["size"]!, (string)uploaded.Json["fileName"]!));
        Assert.Equal($"/api/attachments/{id}/content", uploaded.Location);
        var content = await world.Agent.GetAsync(uploaded.Location!.TrimStart('/'));
        Assert.Equal((200, "image/jpeg", "nosniff"), (content.Status, content.ContentType, content.Headers["X-Content-Type-Options"]));
        Assert.Contains("sandbox", content.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal(Picture, content.Bytes);
        Assert.Equal("image/webp", (await world.Agent.GetAsync($"api/attachments/{id}/content?thumbnail=true")).ContentType);
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("text/html")]
    [InlineData(null)]
    public async Task What_a_file_is_its_content_says(string? claimed)
    {
        var uploaded = await UploadAsync(Pdf, "cup.png", claimed);

        Assert.Equal((201, "application/pdf"), (uploaded.Status, (string)uploaded.Json["contentType"]!));
    }

    [Fact]
    public async Task A_recording_is_sound_when_its_sender_says_so()
    {
        var voice = await File.ReadAllBytesAsync(Repository.PathOf("tests", "MetaSimulator", "site", "samples", "voice-note.mp4"), TestContext.Current.CancellationToken);

        Assert.Equal("audio/mp4", (string)(await UploadAsync(voice, "voice.mp4", "audio/mp4;codecs=opus")).Json["contentType"]!);
        Assert.Equal("video/mp4", (string)(await UploadAsync(voice, "voice.mp4", "image/png")).Json["contentType"]!);
    }

    [Theory]
    [InlineData("page.html", "text/html", "<!DOCTYPE html><script>alert(1)</script>")]
    [InlineData("photo.png", "image/png", "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>")]
    [InlineData("photo.svg", "image/svg+xml", "  \r\n<?xml version=\"1.0\"?><svg/>")]
    [InlineData("notes.txt", "text/plain", "\ufeff<!-- a long word before --><html>")]
    [InlineData("photo.jpg", "image/jpeg", "MZ\u0090\u0000 a program")]
    [InlineData("install", null, "#!/bin/sh\nrm -rf ~")]
    [InlineData("photo.jpg.js", "image/jpeg", "alert(1)")]
    [InlineData("setup.bat", "application/octet-stream", "echo off")]
    [InlineData("drawing.SVG ", "image/png", "nothing to see")]
    public async Task What_could_run_is_refused(string name, string? claimed, string content)
    {
        var refused = await UploadAsync(Encoding.UTF8.GetBytes(content), name, claimed);

        Assert.Equal((415, "unsupported_media_type"), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task Too_large_a_file_is_refused_and_leaves_nothing_behind()
    {
        var before = FilesOnDisk(size => size >= 25 * Megabyte);

        var barely = await UploadAsync(PictureOf(25 * Megabyte + 1), "large.jpg", "image/jpeg");
        var far = await UploadAsync(PictureOf(40 * Megabyte), "larger.jpg", "image/jpeg", ("Expect", "100-continue"));
        var fits = await UploadAsync(PictureOf(25 * Megabyte), "fits.jpg", "image/jpeg");

        Assert.Equal((413, "too_large", 413, "too_large", 201), (barely.Status, barely.Code, far.Status, far.Code, fits.Status));
        Assert.Equal(1, FilesOnDisk(size => size >= 25 * Megabyte) - before);
    }

    [Fact]
    public async Task A_request_without_a_file_says_what_is_missing()
    {
        var before = FilesOnDisk(size => size == "half".Length);
        using var wrongField = new MultipartFormDataContent { { new ByteArrayContent(Picture), "picture", "cup.jpg" } };
        using var cut = new ByteArrayContent(Encoding.UTF8.GetBytes("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhalf"));
        cut.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");

        var empty = await UploadAsync([], "empty.jpg", "image/jpeg");
        var missing = await world.Agent.SendAsync(HttpMethod.Post, "api/attachments", wrongField);
        var json = await world.Agent.PostAsync("api/attachments", new { file = "x" });
        var half = await world.Agent.SendAsync(HttpMethod.Post, "api/attachments", cut);

        Assert.Equal((422, "file_empty"), (empty.Status, empty.Code));
        Assert.Equal((400, "validation_failed"), (missing.Status, missing.Code));
        Assert.True(missing.Json["errors"]!.AsObject().ContainsKey("file"));
        Assert.Equal((400, "validation_failed"), (json.Status, json.Code));
        Assert.Equal((422, "upload_incomplete"), (half.Status, half.Code));
        Assert.Equal(before, FilesOnDisk(size => size == "half".Length));
    }

    [Fact]
    public async Task Software_needs_the_scope_to_send()
    {
        using var sender = await SoftwareAsync("messages:send");
        using var reader = await SoftwareAsync("conversations:read");

        Assert.Equal(201, (await UploadAsync(Picture, "cup.jpg", "image/jpeg", client: sender)).Status);
        Assert.Equal((403, "forbidden"), StatusAndCode(await UploadAsync(Picture, "cup.jpg", "image/jpeg", client: reader)));
    }

    [Fact]
    public async Task Another_organizations_upload_does_not_exist()
    {
        var (_, conversationId) = await world.CustomerAsync();
        var theirs = await UploadAsync(Picture, "cup.jpg", "image/jpeg", client: (await world.App.CreateTenantAsync()).Agent.Api);

        var sent = await world.Agent.PostAsync("api/messaging/send", new { conversationId, attachmentIds = new[] { (long)theirs.Json["id"]! } });

        Assert.Equal((404, "attachment_not_found"), StatusAndCode(sent));
        Assert.Equal(404, (await world.Agent.GetAsync(theirs.Location!.TrimStart('/'))).Status);
    }

    [Fact]
    public async Task A_text_and_files_arrive_in_their_order()
    {
        var (customer, conversationId) = await world.CustomerAsync();
        var ids = new[] { await IdOfAsync(Picture, "Tasse \u00e4.jpg"), await IdOfAsync(Pdf, "Preise M\u00e4rz.pdf") };

        var answer = await world.Agent.PostAsync(
            "api/messaging/send", new { conversationId, text = "Here they are", attachmentIds = ids, quickReplies = new[] { new { title = "Thanks", payload = "T" } } },
            ("Prefer", "wait=20"), ("Idempotency-Key", "files-1"));
        var again = await world.Agent.PostAsync(
            "api/messaging/send", new { conversationId, text = "Here they are", attachmentIds = ids, quickReplies = new[] { new { title = "Thanks", payload = "T" } } },
            ("Idempotency-Key", "files-1"));
        var twice = await world.Agent.PostAsync("api/messaging/send", new { conversationId, attachmentIds = ids });

        Assert.Equal(200, answer.Status);
        var messages = answer.Json["messages"]!.AsArray();
        Assert.Equal(["Here they are", null, null], messages.Select(m => (string?)m!["text"]));
        Assert.Equal([null, ids[0], ids[1]], messages.Select(m => (long?)m!["attachments"]!.AsArray().SingleOrDefault()?["id"]));
        Assert.Equal(messages.Select(m => (long)m!["id"]!), again.Json["messages"]!.AsArray().Select(m => (long)m!["id"]!));
        Assert.Equal((409, "attachment_already_sent"), StatusAndCode(twice));
        var accepted = await world.Meta.Control.GetAcceptedAsync(customer);
        Assert.Equal(["Here they are", null, null], accepted.Select(a => a.Text));
        Assert.Equal(
            [("image", "image/jpeg", "Tasse \u00e4.jpg", HashOf(Picture)), ("file", "application/pdf", "Preise M\u00e4rz.pdf", HashOf(Pdf))],
            accepted.SelectMany(a => a.Attachments).Select(a => (a.Type, a.ContentType, a.FileName, a.Sha256)));
        Assert.Equal([0, 0, 1], accepted.Select(a => a.QuickReplies.Count));
        await world.Meta.Control.WaitUntilIdleAsync();
        Assert.Equal(4, (await world.Agent.GetAsync($"api/conversations/{conversationId}/messages")).Json["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task Instagram_gets_what_it_takes_and_a_clear_word_on_the_rest()
    {
        var (customer, conversationId) = await InstagramCustomerAsync();
        var zip = await IdOfAsync([(byte)'P', (byte)'K', 3, 4, 0], "all.zip");
        var large = await IdOfAsync(PictureOf(8 * Megabyte + 1), "large.jpg");

        var sent = await world.Agent.PostAsync(
            "api/messaging/send", new { conversationId, attachmentIds = new[] { await IdOfAsync(Picture, "Tasse \u00e4.jpg"), await IdOfAsync(Pdf, "\u4fa1\u683c.pdf") } }, ("Prefer", "wait=20"));
        var archive = await world.Agent.PostAsync("api/messaging/send", new { conversationId, attachmentIds = new[] { zip } });
        var tooLarge = await world.Agent.PostAsync("api/messaging/send", new { conversationId, attachmentIds = new[] { large } });

        Assert.Equal(200, sent.Status);
        Assert.All(sent.Json["messages"]!.AsArray(), m => Assert.Contains((string)m!["status"]!, new[] { "sent", "delivered", "read" }));
        Assert.Equal(
            [("image", "Tasse a.jpg", HashOf(Picture)), ("file", "file.pdf", HashOf(Pdf))],
            (await world.Meta.Control.GetAcceptedAsync(customer)).SelectMany(a => a.Attachments).Select(a => (a.Type, a.FileName, a.Sha256)));
        Assert.Equal((422, "attachment_not_supported"), StatusAndCode(archive));
        Assert.Contains("PDF", (string)archive.Json["detail"]!, StringComparison.Ordinal);
        Assert.Equal((422, "attachment_not_supported"), StatusAndCode(tooLarge));
        Assert.Contains("8 MB", (string)tooLarge.Json["detail"]!, StringComparison.Ordinal);
        await world.Meta.Control.WaitUntilIdleAsync();
        Assert.Equal(3, (await world.Agent.GetAsync($"api/conversations/{conversationId}/messages")).Json["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task Templates_reach_the_phone_and_are_shown_as_cards()
    {
        var (customer, conversationId) = await world.CustomerAsync();
        object[] buttons = [new { type = "web_url", title = "Shop", url = "https://bluecup.example/shop" }, new { type = "postback", title = "Call me", payload = "CALL" }];

        var answer = await world.Agent.PostAsync(
            "api/messaging/send", new { conversationId, template = new { type = "generic", elements = new[] { new { title = "Blue cup", subtitle = "In stock", buttons } } } }, ("Prefer", "wait=20"));
        var second = await world.Agent.PostAsync(
            "api/messaging/send", new { conversationId, text = "One more", template = new { type = "button", text = "What now?", buttons } }, ("Prefer", "wait=20"));

        Assert.Equal((200, 200, 2), (answer.Status, second.Status, second.Json["messages"]!.AsArray().Count));
        var card = answer.Json["messages"]![0]!["attachments"]![0]!;
        Assert.Equal(("template", "Blue cup", "In stock"), ((string)card["type"]!, (string)card["details"]!["cards"]![0]!["title"]!, (string)card["details"]!["cards"]![0]!["subtitle"]!));
        var accepted = await world.Meta.Control.GetAcceptedAsync(customer);
        Assert.Equal(["generic", null, "button"], accepted.Select(a => (string?)a.Attachments.SingleOrDefault()?.Payload?["template_type"]));
        await world.Meta.Control.WaitUntilIdleAsync();
        Assert.Equal(4, (await world.Agent.GetAsync($"api/conversations/{conversationId}/messages")).Json["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_template_is_what_meta_takes()
    {
        var (_, conversationId) = await world.CustomerAsync();
        var (_, onInstagram) = await InstagramCustomerAsync();
        var button = new { type = "postback", title = "Yes", payload = "Y" };
        var call = new { type = "phone_number", title = "Call", payload = "+16505551234" };

        await RefuseAsync(new { type = "carousel" }, "button or generic");
        await RefuseAsync(new { type = "button", text = new string('x', 641), buttons = new[] { button } }, "640");
        await RefuseAsync(new { type = "button", text = "x", buttons = new[] { button, button, button, button } }, "3 buttons");
        await RefuseAsync(new { type = "button", text = "x", buttons = new[] { new { type = "postback", title = new string('x', 21), payload = "Y" } } }, "20");
        await RefuseAsync(new { type = "button", text = "x", buttons = new[] { new { type = "web_url", title = "x", url = "javascript:alert(1)" } } }, "https://");
        await RefuseAsync(new { type = "generic", elements = new[] { new { title = "x" } } }, "title alone");
        await RefuseAsync(new { type = "generic", elements = Enumerable.Repeat(new { title = "x", subtitle = "y" }, 11) }, "10 elements");
        await RefuseAsync(new { type = "generic", elements = new[] { new { title = "x", subtitle = new string('y', 81) } } }, "80");
        Assert.Equal(202, (await world.Agent.PostAsync("api/messaging/send", new { conversationId, template = new { type = "button", text = "x", buttons = new object[] { button, call } } })).Status);
        var refused = await world.Agent.PostAsync("api/messaging/send", new { conversationId = onInstagram, template = new { type = "button", text = "x", buttons = new[] { call } } });
        Assert.Equal((422, "template_not_supported"), StatusAndCode(refused));

        async Task RefuseAsync(object template, string words)
        {
            var answer = await world.Agent.PostAsync("api/messaging/send", new { conversationId, template });
            Assert.Equal((400, "validation_failed"), StatusAndCode(answer));
            Assert.Contains(words, answer.Json["errors"]!.ToJsonString(), StringComparison.Ordinal);
        }
    }

    private static byte[] PictureOf(int size)
    {
        var content = new byte[size];
        Picture.CopyTo(content, 0);
        return content;
    }

    private static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static (int, string?) StatusAndCode(Answer answer) => (answer.Status, answer.Code);

    /// <summary>By size, for avatars come and go beside them.</summary>
    private int FilesOnDisk(Func<long, bool> ofSize) =>
        new DirectoryInfo(world.App.Folder.File("media")) is { Exists: true } folder ? folder.EnumerateFiles("*", SearchOption.AllDirectories).Count(f => ofSize(f.Length)) : 0;

    [Fact]
    public async Task Whoever_waited_in_vain_is_told_what_is_known_by_then()
    {
        var (_, conversationId) = await world.CustomerAsync();
        var picture = await IdOfAsync(Picture, "cup.jpg");
        await world.Meta.Control.PlanFaultAsync(new { operation = "send", code = 100, times = 1 });

        var answer = await world.Agent.PostAsync("api/messaging/send", new { conversationId, text = "Hello", attachmentIds = new[] { picture } }, ("Prefer", "wait=3"));

        Assert.Equal(202, answer.Status);
        Assert.Equal(["failed", "queued"], answer.Json["messages"]!.AsArray().Select(m => (string)m!["status"]!));
    }

    private async Task<long> IdOfAsync(byte[] content, string name) => (long)(await UploadAsync(content, name, null)).Json["id"]!;

    private Task<Answer> UploadAsync(byte[] content, string name, string? claimed, (string, string)? header = null, ApiClient? client = null)
    {
        var file = new ByteArrayContent(content);
        if (claimed is not null) file.Headers.ContentType = MediaTypeHeaderValue.Parse(claimed);
        return (client ?? world.Agent).SendAsync(HttpMethod.Post, "api/attachments", new MultipartFormDataContent { { file, "file", name } }, header is { } one ? [one] : []);
    }

    private async Task<ApiClient> SoftwareAsync(params string[] scopes)
    {
        var client = world.App.Anonymous();
        client.AccessToken = (string)(await world.Agent.PostAsync("api/api-keys", new { name = "Software", scopes })).Json["key"]!;
        return client;
    }

    private async Task<(string Igsid, long ConversationId)> InstagramCustomerAsync()
    {
        var igsid = await world.Meta.Control.CreateCustomerAsync(new { pageId = Some.PageId, channel = "instagram", name = "Some Body" });
        await world.Meta.Control.WriteAsync(igsid, "Hello");
        var contact = await Until.Found(
            async () => (await world.Agent.GetAsync($"api/contacts?q={igsid}")).Json["items"]!.AsArray().SingleOrDefault(),
            c => c is not null && c["conversations"]!.AsArray().Count == 1, "the customer's message has arrived");
        return (igsid, (long)contact!["conversations"]![0]!["id"]!);
    }
}
