using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetaMessaging.Application.Contacts;
using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.Api.Contacts;

/// <summary>The zip of a person's data. It is written while the rows and files are read.</summary>
internal static class ContactArchive
{
    public static async Task WriteAsync(
        ContactExport export, Stream output, JsonSerializerOptions json, CancellationToken cancellationToken)
    {
        await using var zip = await ZipArchive.CreateAsync(
            output, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        await AddAsync("person.json", entry => JsonSerializer.SerializeAsync(entry, PersonOf(export, json), json, cancellationToken));
        await AddAsync("messages.jsonl", async entry =>
        {
            foreach (var conversation in export.Conversations)
                await JsonLines.WriteAsync(conversation.Messages, entry, json, cancellationToken);
        });
        await AddAsync("timeline.jsonl", async entry =>
        {
            foreach (var conversation in export.Conversations)
                await JsonLines.WriteAsync(OfConversation(conversation), entry, json, cancellationToken);
        });
        await AddAsync("notes.jsonl", async entry =>
        {
            foreach (var conversation in export.Conversations)
                await JsonLines.WriteAsync(conversation.Notes, entry, json, cancellationToken);
        });
        await AddAsync("transcript.html", async entry =>
        {
            await using var page = new TranscriptPage(entry, TranscriptPage.ZoneOf(export.TimeZone), hasFiles: true);
            await page.BeginAsync(export.Contact.Name, export.CreatedAt);
            foreach (var conversation in export.Conversations)
                await page.WriteAsync(conversation.Conversation, conversation.Items, cancellationToken);
            await page.EndAsync();
        });
        await foreach (var file in export.Files.WithCancellation(cancellationToken))
        {
            await using var content = file.Content;
            await AddAsync(file.Name, entry => content.CopyToAsync(entry, cancellationToken), CompressionLevel.NoCompression);
        }

        async Task AddAsync(string name, Func<Stream, Task> write, CompressionLevel level = CompressionLevel.Fastest)
        {
            var entry = zip.CreateEntry(name, level);
            entry.LastWriteTime = export.CreatedAt;
            await using var content = await entry.OpenAsync(cancellationToken);
            await write(content);
        }
    }

    /// <summary>The contact as the API shows it, with its conversations in full.</summary>
    private static JsonObject PersonOf(ContactExport export, JsonSerializerOptions json)
    {
        var person = JsonSerializer.SerializeToNode(export.Contact, json)!.AsObject();
        person["conversations"] = JsonSerializer.SerializeToNode(export.Conversations.Select(c => c.Conversation), json);
        person["exportedAt"] = JsonSerializer.SerializeToNode(export.CreatedAt, json);
        return person;
    }

    private static async IAsyncEnumerable<ConversationEntry> OfConversation(ExportedConversation conversation)
    {
        await foreach (var entry in conversation.Entries) yield return new ConversationEntry(conversation.Conversation.Id, entry);
    }

    private sealed record ConversationEntry(long ConversationId, TimelineItemModel Entry);
}
