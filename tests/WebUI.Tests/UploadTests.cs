using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using MetaMessaging.Testing;

namespace MetaMessaging.WebUI.Tests;

/// <summary>Files on the way from an agent's browser, or from other software, to the customer's phone.</summary>
public sealed class UploadTests(ConnectedPageFixture fixture) : IClassFixture<ConnectedPageFixture>
{
    private const int Megabyte = 1024 * 1024;

    private static readonly byte[] Picture = File.ReadAllBytes(Repository.PathOf("tests", "MetaSimulator", "site", "samples", "cup.jpg"));
    private static readonly byte[] Pdf = File.ReadAllBytes(
        Repository.PathOf("tests", "MetaSimulator", "site", "samples", "price-list.pdf"));

    [Fact]
    public async Task An_uploaded_file_is_stored_and_can_be_viewed()
    {
        var uploaded = await UploadAsync(Picture, "Blaue Tasse \ud83d\ude0d.jpg", "image/jpeg");

        Assert.Equal(201, uploaded.Status);
        var id = (long)uploaded.Json["id"]!;
        Assert.Equal(["contentType", "fileName", "id", "size"], uploaded.Json.AsObject().Select(p => p.Key).Order());
        Assert.Equal(
            ("image/jpeg", Picture.Length, "Blaue Tasse \ud83d\ude0d.jpg"),
            ((string)uploaded.Json["contentType"]!, (int)uploaded.Json["size"]!, (string)uploaded.Json["fileName"]!));
        Assert.Equal($"/api/attachments/{id}/content", uploaded.Location);
        var content = await fixture.Agent.GetAsync(uploaded.Location!.TrimStart('/'));
        Assert.Equal((200, "image/jpeg", "nosniff"), (content.Status, content.ContentType, content.Headers["X-Content-Type-Options"]));
        Assert.Contains("sandbox", content.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal(Picture, content.Bytes);
        Assert.Equal("image/webp", (await fixture.Agent.GetAsync($"api/attachments/{id}/content?thumbnail=true")).ContentType);
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("text/html")]
    [InlineData(null)]
    public async Task The_content_of_a_file_decides_its_type(string? claimed)
    {
        var uploaded = await UploadAsync(Pdf, "cup.png", claimed);

        Assert.Equal((201, "application/pdf"), (uploaded.Status, (string)uploaded.Json["contentType"]!));
    }

    [Fact]
    public async Task A_recording_is_audio_when_its_upload_says_so()
    {
        var voice = await File.ReadAllBytesAsync(
            Repository.PathOf("tests", "MetaSimulator", "site", "samples", "voice-note.mp4"), TestContext.Current.CancellationToken);

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
    public async Task A_file_that_a_browser_could_run_is_refused(string name, string? claimed, string content)
    {
        var refused = await UploadAsync(Encoding.UTF8.GetBytes(content), name, claimed);

        Assert.Equal((415, "unsupported_media_type"), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task Too_large_a_file_is_refused_and_nothing_is_stored()
    {
        var before = FilesOnDisk(size => size >= 25 * Megabyte);

        var barely = await UploadAsync(PictureOf(25 * Megabyte + 1), "large.jpg", "image/jpeg");
        var far = await UploadAsync(PictureOf(40 * Megabyte), "larger.jpg", "image/jpeg", ("Expect", "100-continue"));
        var fits = await UploadAsync(PictureOf(25 * Megabyte), "fits.jpg", "image/jpeg");

        Assert.Equal((413, "too_large", 413, "too_large", 201), (barely.Status, barely.Code, far.Status, far.Code, fits.Status));
        Assert.Equal(1, FilesOnDisk(size => size >= 25 * Megabyte) - before);
    }

    [Fact]
    public async Task An_upload_without_a_complete_file_is_refused_with_the_reason()
    {
        var before = FilesOnDisk(size => size == "half".Length);
        using var wrongField = new MultipartFormDataContent { { new ByteArrayContent(Picture), "picture", "cup.jpg" } };
        using var cut = new ByteArrayContent(
            Encoding.UTF8.GetBytes("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhalf"));
        cut.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");

        var empty = await UploadAsync([], "empty.jpg", "image/jpeg");
        var missing = await fixture.Agent.SendAsync(HttpMethod.Post, "api/attachments", wrongField);
        var json = await fixture.Agent.PostAsync("api/attachments", new { file = "x" });
        var half = await fixture.Agent.SendAsync(HttpMethod.Post, "api/attachments", cut);

        Assert.Equal((422, "file_empty"), (empty.Status, empty.Code));
        Assert.Equal((400, "validation_failed"), (missing.Status, missing.Code));
        Assert.Equal(["file", "picture"], missing.Json["errors"]!.AsObject().Select(e => e.Key).Order());
        Assert.Equal((400, "validation_failed"), (json.Status, json.Code));
        Assert.Equal((422, "upload_incomplete"), (half.Status, half.Code));
        Assert.Equal(before, FilesOnDisk(size => size == "half".Length));
    }

    [Theory]
    [InlineData("file", "Send each file in a request of its own.")]
    [InlineData("caption", "This field does not exist.")]
    public async Task An_upload_with_another_part_is_refused_and_nothing_is_stored(string other, string reason)
    {
        var content = "another part"u8.ToArray();
        var before = FilesOnDisk(size => size == content.Length);
        using var behind = new MultipartFormDataContent
        {
            { new ByteArrayContent(content), "file", "a.txt" }, { new ByteArrayContent(content), other, "b.txt" },
        };
        using var ahead = new MultipartFormDataContent
        {
            { new ByteArrayContent(content), other, "b.txt" }, { new ByteArrayContent(content), "file", "a.txt" },
        };

        foreach (var form in new[] { behind, ahead })
        {
            var refused = await fixture.Agent.SendAsync(HttpMethod.Post, "api/attachments", form);

            Assert.Equal((400, "validation_failed"), (refused.Status, refused.Code));
            Assert.Equal(reason, (string)refused.Json["errors"]![other]![0]!);
        }

        Assert.Equal(before, FilesOnDisk(size => size == content.Length));
    }

    [Fact]
    public async Task An_upload_with_a_key_needs_the_scope_to_send()
    {
        using var sender = await SoftwareAsync("messages:send");
        using var reader = await SoftwareAsync("conversations:read");

        Assert.Equal(201, (await UploadAsync(Picture, "cup.jpg", "image/jpeg", client: sender)).Status);
        Assert.Equal((403, "forbidden"), StatusAndCode(await UploadAsync(Picture, "cup.jpg", "image/jpeg", client: reader)));
    }

    [Fact]
    public async Task The_upload_of_another_organization_is_not_found()
    {
        var (_, conversationId) = await fixture.CustomerAsync();
        var theirs = await UploadAsync(Picture, "cup.jpg", "image/jpeg", client: (await fixture.App.CreateTenantAsync()).Agent.Api);

        var sent = await fixture.Agent.PostAsync(
            "api/messaging/send", new { conversationId, attachmentIds = new[] { (long)theirs.Json["id"]! } });

        Assert.Equal((404, "attachment_not_found"), StatusAndCode(sent));
        Assert.Equal(404, (await fixture.Agent.GetAsync(theirs.Location!.TrimStart('/'))).Status);
    }

    [Fact]
    public async Task A_text_and_files_arrive_in_the_order_of_the_send()
    {
        var (customer, conversationId) = await fixture.CustomerAsync();
        var ids = new[] { await IdOfAsync(Picture, "Tasse \u00e4.jpg"), await IdOfAsync(Pdf, "Preise M\u00e4rz.pdf") };

        var send = new
        {
            conversationId,
            text = "Here they are",
            attachmentIds = ids,
            quickReplies = new[] { new { title = "Thanks", payload = "T" } },
        };
        var answer = await fixture.Agent.PostAsync(
            "api/messaging/send",
            send,
            ("Prefer", "wait=20"), ("Idempotency-Key", "files-1"));
        var again = await fixture.Agent.PostAsync(
            "api/messaging/send",
            send,
            ("Idempotency-Key", "files-1"));
        var twice = await fixture.Agent.PostAsync("api/messaging/send", new { conversationId, attachmentIds = ids });

        Assert.Equal(200, answer.Status);
        var messages = answer.Json["messages"]!.AsArray();
        Assert.Equal(["Here they are", null, null], messages.Select(m => (string?)m!["text"]));
        Assert.Equal([null, ids[0], ids[1]], messages.Select(m => (long?)m!["attachments"]!.AsArray().SingleOrDefault()?["id"]));
        Assert.Equal(messages.Select(m => (long)m!["id"]!), again.Json["messages"]!.AsArray().Select(m => (long)m!["id"]!));
        Assert.Equal((409, "attachment_already_sent"), StatusAndCode(twice));
        var accepted = await fixture.Meta.Control.GetAcceptedAsync(customer);
        Assert.Equal(["Here they are", null, null], accepted.Select(a => a.Text));
        Assert.Equal(
            [
                ("image", "image/jpeg", "Tasse \u00e4.jpg", HashOf(Picture)),
                ("file", "application/pdf", "Preise M\u00e4rz.pdf", HashOf(Pdf)),
            ],
            accepted.SelectMany(a => a.Attachments).Select(a => (a.Type, a.ContentType, a.FileName, a.Sha256)));
        Assert.Equal([1, 0, 0], accepted.Select(a => a.QuickReplies.Count));
        await fixture.Meta.Control.WaitUntilIdleAsync();
        Assert.Equal(4, (await fixture.Agent.GetAsync($"api/conversations/{conversationId}/messages")).Json["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task Instagram_refuses_unsupported_files_with_a_reason()
    {
        var (customer, conversationId) = await fixture.CustomerAsync("instagram");
        var zip = await IdOfAsync([(byte)'P', (byte)'K', 3, 4, 0], "all.zip");
        var large = await IdOfAsync(PictureOf(8 * Megabyte + 1), "large.jpg");

        long[] supported = [await IdOfAsync(Picture, "Tasse \u00e4.jpg"), await IdOfAsync(Pdf, "\u4fa1\u683c.pdf")];

        var sent = await fixture.Agent.PostAsync(
            "api/messaging/send", new { conversationId, attachmentIds = supported }, ("Prefer", "wait=20"));
        var archive = await fixture.Agent.PostAsync("api/messaging/send", new { conversationId, attachmentIds = new[] { zip } });
        var tooLarge = await fixture.Agent.PostAsync("api/messaging/send", new { conversationId, attachmentIds = new[] { large } });

        Assert.Equal(200, sent.Status);
        Assert.All(sent.Json["messages"]!.AsArray(), m => Assert.Contains((string)m!["status"]!, new[] { "sent", "delivered", "read" }));
        Assert.Equal(
            [("image", "Tasse a.jpg", HashOf(Picture)), ("file", "file.pdf", HashOf(Pdf))],
            (await fixture.Meta.Control.GetAcceptedAsync(customer))
                .SelectMany(a => a.Attachments)
                .Select(a => (a.Type, a.FileName, a.Sha256)));
        Assert.Equal((422, "attachment_not_supported"), StatusAndCode(archive));
        Assert.Contains("PDF", (string)archive.Json["detail"]!, StringComparison.Ordinal);
        Assert.Equal((422, "attachment_not_supported"), StatusAndCode(tooLarge));
        Assert.Contains("8 MB", (string)tooLarge.Json["detail"]!, StringComparison.Ordinal);
        await fixture.Meta.Control.WaitUntilIdleAsync();
        Assert.Equal(3, (await fixture.Agent.GetAsync($"api/conversations/{conversationId}/messages")).Json["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_call_whose_wait_ends_gets_the_messages_as_they_are()
    {
        var (_, conversationId) = await fixture.CustomerAsync();
        var picture = await IdOfAsync(Picture, "cup.jpg");
        await fixture.Meta.Control.PlanFaultAsync(new { operation = "send", code = 100, times = 1 });

        var answer = await fixture.Agent.PostAsync(
            "api/messaging/send", new { conversationId, text = "Hello", attachmentIds = new[] { picture } }, ("Prefer", "wait=3"));

        Assert.Equal(202, answer.Status);
        Assert.Equal(["failed", "queued"], answer.Json["messages"]!.AsArray().Select(m => (string)m!["status"]!));
    }

    private static byte[] PictureOf(int size)
    {
        var content = new byte[size];
        Picture.CopyTo(content, 0);
        return content;
    }

    private static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static (int, string?) StatusAndCode(Answer answer) => (answer.Status, answer.Code);

    /// <summary>Selected by size, because avatars are stored in the same folder.</summary>
    private int FilesOnDisk(Func<long, bool> ofSize) =>
        new DirectoryInfo(fixture.App.Folder.File("media")) is { Exists: true } folder
            ? folder.EnumerateFiles("*", SearchOption.AllDirectories).Count(f => ofSize(f.Length))
            : 0;

    private async Task<long> IdOfAsync(byte[] content, string name) => (long)(await UploadAsync(content, name, null)).Json["id"]!;

    private Task<Answer> UploadAsync(
        byte[] content, string name, string? claimed, (string, string)? header = null, ApiClient? client = null)
    {
        var file = new ByteArrayContent(content);
        if (claimed is not null) file.Headers.ContentType = MediaTypeHeaderValue.Parse(claimed);
        return (client ?? fixture.Agent).SendAsync(
            HttpMethod.Post, "api/attachments", new MultipartFormDataContent { { file, "file", name } }, header is { } one ? [one] : []);
    }

    private async Task<ApiClient> SoftwareAsync(params string[] scopes)
    {
        var client = fixture.App.Anonymous();
        client.AccessToken = (string)(await fixture.Agent.PostAsync("api/api-keys", new { name = "Software", scopes })).Json["key"]!;
        return client;
    }
}
