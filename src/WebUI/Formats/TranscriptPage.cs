using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using MetaMessaging.Application.Contacts;
using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.Formats;

/// <summary>Conversations as one page to read and print. It loads nothing but the files beside it in an archive.</summary>
/// <param name="hasFiles">Whether the files of the attachments lie beside the page.</param>
internal sealed class TranscriptPage(Stream output, TimeZoneInfo zone, bool hasFiles) : IAsyncDisposable
{
    public const string ContentType = "text/html; charset=utf-8";

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StreamWriter writer = new(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 16_384, leaveOpen: true);

    public static TimeZoneInfo ZoneOf(string ianaName) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(ianaName, out var zone) ? zone : TimeZoneInfo.Utc;

    public Task BeginAsync(string name, DateTimeOffset createdAt) => writer.WriteAsync(
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy"
              content="default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file:; media-src 'self' file:">
        <title>{Text(name)}</title>
        <style>{TranscriptStyle.Css}</style>
        </head>
        <body>
        <header>
        <h1 dir="auto">{Text(name)}</h1>
        <p>Written on {Day(createdAt)} at {Time(createdAt)}. All times are those of {Text(zone.Id)}.</p>
        </header>
        <main>

        """);

    public async Task WriteAsync(
        ConversationModel conversation, IAsyncEnumerable<TranscriptItem> items, CancellationToken cancellationToken)
    {
        var channel = conversation.Channel is Channel.FacebookMessenger ? "Messenger" : "Instagram";
        var account = conversation is { Channel: Channel.InstagramDm, Connection.InstagramUsername: { } username }
            ? $"@{username}" : conversation.Connection?.PageName;
        await writer.WriteAsync($"<section>\n<h2>{channel} · <bdi>{Text(account)}</bdi></h2>\n");
        string? day = null;
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            if (Day(item.At) != day) await writer.WriteAsync($"<h3>{day = Day(item.At)}</h3>\n");
            await (item switch
            {
                { Message: { } message } => WriteAsync(message, conversation.Contact.Name),
                { Entry: { } entry } => writer.WriteAsync($"<p class=\"entry\" dir=\"auto\">{Text(entry.Text)} {Clock(item.At)}</p>\n"),
                { Note: { } note } => writer.WriteAsync(
                    $"""
                    <article class="note"><p class="who"><bdi>{Text(note.Author.Name)}</bdi>, internal note {Clock(item.At)}</p>
                    <p class="text" dir="auto">{Text(note.Text)}</p></article>

                    """),
                _ => Task.CompletedTask,
            });
        }

        if (day is null) await writer.WriteAsync("<p class=\"entry\">No messages.</p>\n");
        await writer.WriteAsync("</section>\n");
    }

    public Task EndAsync() => writer.WriteAsync("</main>\n</body>\n</html>\n");

    public ValueTask DisposeAsync() => writer.DisposeAsync();

    private async Task WriteAsync(MessageModel message, string contactName)
    {
        var isInbound = message.Direction is MessageDirection.Inbound;
        await writer.WriteAsync(
            $"""
            <article class="{(isInbound ? "in" : "out")}"><p class="who"><bdi>{Text(isInbound ? contactName : AuthorOf(message))}</bdi>
            {Clock(message.OccurredAt)}</p>

            """);
        if (message.ReplyTo?.Text is { } quoted) await writer.WriteAsync($"<blockquote dir=\"auto\">{Text(quoted)}</blockquote>\n");
        if (message.IsDeleted || message.IsUnsupported || (message.Text is null && message.Attachments.Count == 0))
            await writer.WriteAsync($"<p class=\"text\" dir=\"auto\"><em>{Text(message.Preview)}</em></p>\n");
        else if (message.Text is { } text)
            await writer.WriteAsync($"<p class=\"text\" dir=\"auto\">{Text(text)}</p>\n");
        foreach (var attachment in message.Attachments) await writer.WriteAsync(Of(attachment, message.Direction));
        if (FootOf(message) is { Length: > 0 } foot) await writer.WriteAsync($"<p class=\"foot\">{Text(foot)}</p>\n");
        await writer.WriteAsync("</article>\n");
    }

    private static string AuthorOf(MessageModel message) => message.Origin switch
    {
        MessageOrigin.Agent or MessageOrigin.Api => message.Sender?.Name ?? "Answer",
        _ => message.Sender?.Name ?? "Sent outside MetaMessaging",
    };

    private string Of(AttachmentModel attachment, MessageDirection direction)
    {
        var kind = MessagePreview.KindOf(attachment.Type, direction);
        var name = Text(attachment.Title ?? attachment.FileName ?? kind);
        if (!hasFiles || attachment.Url is null)
            return $"<p class=\"file\" dir=\"auto\">{Text(kind)}{(name == Text(kind) ? "" : $": {name}")}{StateOf(attachment)}</p>\n";

        var address = string.Join('/', ExportedFile.NameOf(attachment).Split('/').Select(Uri.EscapeDataString));
        var isPicture = attachment.ContentType?.StartsWith("image/", StringComparison.Ordinal) is true;
        var shown = isPicture ? $"<img src=\"{Text(address)}\" alt=\"{name}\" loading=\"lazy\">" : $"<span dir=\"auto\">{name}</span>";
        return $"<p class=\"file\"><a href=\"{Text(address)}\">{shown}</a></p>\n";
    }

    private static string StateOf(AttachmentModel attachment) => attachment.State switch
    {
        AttachmentState.Pending => " (not downloaded yet)",
        AttachmentState.Failed or AttachmentState.Refused => " (not stored)",
        AttachmentState.Deleted => " (deleted)",
        _ => "",
    };

    private static string FootOf(MessageModel message) => string.Join(" · ", new[]
    {
        string.Join(" ", message.Reactions.Select(r => r.Emoji)),
        message.EditedAt is null ? "" : "edited",
        message.Direction is MessageDirection.Inbound ? "" : message.Status switch
        {
            MessageStatus.Failed => $"not sent: {message.Error?.Title}",
            MessageStatus.Read => "read",
            MessageStatus.Delivered => "delivered",
            MessageStatus.Sent => "sent",
            _ => "waiting to be sent",
        },
    }.Where(text => text.Length > 0));

    private string Clock(DateTimeOffset at) =>
        FormattableString.Invariant($"<time datetime=\"{at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}\">{Time(at)}</time>");

    private string Day(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    private string Time(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).ToString("HH:mm", CultureInfo.InvariantCulture);

    private static string Text(string? text) => Encoder.Encode(text ?? "");
}
