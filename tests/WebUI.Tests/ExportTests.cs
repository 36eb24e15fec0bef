using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using MetaMessaging.Domain.Audit;
using MetaMessaging.Domain.Conversations;
using MetaMessaging.Domain.Organizations;
using MetaMessaging.Testing;
using Microsoft.EntityFrameworkCore;

namespace MetaMessaging.WebUI.Tests;

public sealed class ExportTests(ConnectedPageFixture fixture) : IClassFixture<ConnectedPageFixture>
{
    private const string Script = "<script>alert(1)</script>";

    [Fact]
    public async Task A_persons_export_has_the_profile_every_message_the_notes_and_the_files()
    {
        var (psid, conversationId) = await fixture.CustomerAsync();
        await fixture.Meta.Control.WriteAsync(psid, new { attachments = new[] { new { type = "image" } } });
        var picture = await Until.Found(
            async () => (await MessagesAsync(conversationId)).Select(m => m!["attachments"]!.AsArray().SingleOrDefault())
                .FirstOrDefault(a => (string?)a?["state"] is "available"),
            found => found is not null, "the picture is stored");
        var contactId = await ContactOfAsync(conversationId);
        await AddNoteAsync(conversationId, $"Prefers blue {Script}");

        var answer = await fixture.Agent.GetAsync($"api/contacts/{contactId}/export");

        Assert.Equal((200, "application/zip"), (answer.Status, answer.ContentType));
        var files = Unzip(answer);
        var person = JsonNode.Parse(files["person.json"])!;
        Assert.Equal((contactId, psid), ((long)person["id"]!, (string)person["facebook"]![0]!["psid"]!));
        Assert.Equal(conversationId, (long)person["conversations"]![0]!["id"]!);
        Assert.Equal(
            (await MessagesAsync(conversationId)).Reverse().Select(m => m!.ToJsonString()),
            LinesOf(files["messages.jsonl"]).Select(line => JsonNode.Parse(line)!.ToJsonString()));
        Assert.Contains("Prefers blue", Assert.Single(LinesOf(files["notes.jsonl"])), StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", files["transcript.html"], StringComparison.Ordinal);
        Assert.DoesNotContain("<script", files["transcript.html"], StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("://", files["transcript.html"], StringComparison.Ordinal);
        var media = $"media/{(long)picture!["id"]!}-{(string)picture["fileName"]!}";
        Assert.Equal((long)picture["size"]!, files[media].Length);
        Assert.Contains($"src=\"{media}\"", files["transcript.html"], StringComparison.Ordinal);
        Assert.Equal(1, await fixture.App.InDatabaseAsync(db => db.AuditEntries.CountAsync(
            e => e.Action == AuditActions.ContactExported && e.TargetId == $"{contactId}" && e.OrganizationId == 1)));
    }

    [Fact]
    public async Task A_long_conversation_is_written_completely_and_in_its_order()
    {
        var (_, conversationId) = await fixture.CustomerAsync();
        await fixture.App.InDatabaseAsync(async db =>
        {
            var conversation = await db.Conversations.Include(c => c.Connection).SingleAsync(c => c.Id == conversationId);
            var at = fixture.App.Clock.Now.AddHours(-1);   // two of each time, so that a chunk ends between them
            for (var i = 0; i < 401; i++) db.Messages.Add(Some.Inbound(conversation, $"number {i:000}", at.AddSeconds(i / 2)));
            return await db.SaveChangesAsync();
        });

        var lines = LinesOf((await fixture.Agent.GetAsync($"api/conversations/{conversationId}/transcript?format=jsonl")).Text);
        var page = await fixture.Agent.GetAsync($"api/conversations/{conversationId}/transcript");

        Assert.Equal(
            [.. Enumerable.Range(0, 401).Select(i => $"number {i:000}"), "Hello"], lines.Select(l => (string)JsonNode.Parse(l)!["text"]!));
        Assert.Equal((200, "text/html"), (page.Status, page.ContentType));
        Assert.Contains("attachment", page.Headers["Content-Disposition"], StringComparison.Ordinal);
        Assert.All(Enumerable.Range(0, 401), i => Assert.Contains($"number {i:000}", page.Text, StringComparison.Ordinal));
        var unknown = await fixture.Agent.GetAsync($"api/conversations/{conversationId}/transcript?format=pdf");
        Assert.Equal((400, "malformed_request"), (unknown.Status, unknown.Code));
    }

    [Fact]
    public async Task The_audit_log_records_what_is_handed_out_and_no_request_for_the_headers()
    {
        var (_, conversationId) = await fixture.CustomerAsync();
        var contactId = await ContactOfAsync(conversationId);

        foreach (var path in new[] { $"api/contacts/{contactId}/export", $"api/conversations/{conversationId}/transcript" })
        {
            var head = await fixture.Agent.SendAsync(HttpMethod.Head, path, null);
            var answer = await fixture.Agent.GetAsync(path);
            Assert.Equal((200, answer.ContentType, ""), (head.Status, head.ContentType, head.Text));
        }

        Assert.Equal(
            [null, $$"""{"conversation":[null,{{conversationId}}]}"""],
            await fixture.App.InDatabaseAsync(db => db.AuditEntries.OrderBy(e => e.Id)
                .Where(e => e.Action == AuditActions.ContactExported && e.TargetId == $"{contactId}")
                .Select(e => e.Changes).ToListAsync()));
    }

    /// <summary>A cut-off emoji is valid JSON and no valid text. `\\ud83d` is a backslash and four letters.</summary>
    [Fact]
    public async Task Half_an_emoji_anywhere_in_an_event_is_replaced()
    {
        var (psid, conversationId) = await fixture.CustomerAsync();
        const string referral = """{"ref":"\\ud83d \ud83d\uDE00 \uD83D","source":"ADS","type":"OPEN_THREAD"}""";
        const string attachment = """{"type":"x","payload":{"\ud83d":"\ud83d"}}""";
        var message = $$"""{"mid":"m_half_emoji","text":"\ude00","referral":{{referral}},"attachments":[{{attachment}}]}""";
        await fixture.Meta.Control.PostRawAsync(Encoding.UTF8.GetString(Payload.Event(
            Some.PageId, 1760000300000, Payload.Item("referral", referral, sender: psid), Payload.Item("message", message, sender: psid))));
        await Until.True(async () => (await MessagesAsync(conversationId)).Count == 2, "the message has arrived");

        var timeline = await fixture.Agent.GetAsync($"api/conversations/{conversationId}/timeline");
        Assert.Equal(200, timeline.Status);
        Assert.Equal("\\ud83d 😀 \ufffd", (string?)timeline.Json["items"]!.AsArray().First(i => i!["data"] is not null)!["data"]!["ref"]);
        Assert.Contains("\ufffd", (await MessagesAsync(conversationId)).Select(m => (string?)m!["text"]));
        var export = await fixture.Agent.GetAsync($"api/contacts/{await ContactOfAsync(conversationId)}/export");
        Assert.Contains("transcript.html", Unzip(export).Keys);
        Assert.Equal(204, (await fixture.Agent.DeleteAsync($"api/contacts/{await ContactOfAsync(conversationId)}")).Status);
    }

    [Fact]
    public async Task A_key_that_may_not_read_messages_gets_no_export()
    {
        var (_, conversationId) = await fixture.CustomerAsync();
        var contactId = await ContactOfAsync(conversationId);

        Assert.Equal(403, await ExportWithAsync(ApiKeyScopes.ReadContacts));
        Assert.Equal(403, await ExportWithAsync(ApiKeyScopes.ReadConversations));
        Assert.Equal(200, await ExportWithAsync(ApiKeyScopes.ReadContacts, ApiKeyScopes.ReadConversations));

        async Task<int> ExportWithAsync(params string[] scopes)
        {
            using var software = fixture.App.Anonymous();
            software.AccessToken = (string)(await fixture.Agent.PostAsync("api/api-keys", new { name = "Export", scopes })).Json["key"]!;
            return (await software.GetAsync($"api/contacts/{contactId}/export")).Status;
        }
    }

    private async Task<JsonArray> MessagesAsync(long conversationId) =>
        (await fixture.Agent.GetAsync($"api/conversations/{conversationId}/messages")).Json["items"]!.AsArray();

    private async Task<long> ContactOfAsync(long conversationId) =>
        (long)(await fixture.Agent.GetAsync($"api/conversations/{conversationId}")).Json["contact"]!["id"]!;

    private Task<int> AddNoteAsync(long conversationId, string text) => fixture.App.InDatabaseAsync(db =>
    {
        db.Notes.Add(new Note(1, conversationId, 1, text, [], fixture.App.Clock.Now));
        return db.SaveChangesAsync();
    });

    private static string[] LinesOf(string jsonl) => jsonl.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Bytes as Latin-1, so that the length of a file is the length of its text; JSON and HTML here are ASCII.</summary>
    private static Dictionary<string, string> Unzip(Answer answer)
    {
        using var zip = new ZipArchive(new MemoryStream(answer.Bytes));
        return zip.Entries.ToDictionary(e => e.FullName, e =>
        {
            using var reader = new StreamReader(e.Open(), System.Text.Encoding.Latin1);
            return reader.ReadToEnd();
        });
    }
}
