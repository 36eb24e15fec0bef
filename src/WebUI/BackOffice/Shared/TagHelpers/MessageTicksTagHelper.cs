using System.Globalization;
using MetaMessaging.Application.Conversations;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace MetaMessaging.WebUI.BackOffice.TagHelpers;

/// <summary>The status of an outbound message: a clock, one tick (sent), two ticks (delivered) or two coloured ticks (read).</summary>
[HtmlTargetElement("message-ticks", TagStructure = TagStructure.WithoutEndTag)]
public sealed class MessageTicksTagHelper : TagHelper
{
    public MessageModel? Message { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (Message is not { Direction: MessageDirection.Outbound } message)
        {
            output.SuppressOutput();
            return;
        }

        var (icon, text) = Describe(message.Status);
        var status = message.Status.ToString().ToLowerInvariant();
        output.Render(
            "span", ("class", $"ticks ticks-{status}"), ("data-ticks", status), ("title", Times(message, text)),
            ("data-sent-at", Iso(message.SentAt)), ("data-delivered-at", Iso(message.DeliveredAt)), ("data-read-at", Iso(message.ReadAt)));
        output.Content.AppendHtml(IconTagHelper.Svg(icon));

        var spoken = new TagBuilder("span");
        spoken.AddCssClass("visually-hidden");
        spoken.InnerHtml.Append(text);
        output.Content.AppendHtml(spoken);
    }

    private static (string Icon, string Text) Describe(MessageStatus status) => status switch
    {
        MessageStatus.Queued => ("clock", "Waiting to be sent"),
        MessageStatus.Sending => ("send", "Sending"),
        MessageStatus.Sent => ("check", "Sent"),
        MessageStatus.Delivered => ("checks", "Delivered"),
        MessageStatus.Read => ("checks", "Read"),
        _ => ("alert-circle", "Not sent"),
    };

    private static string Times(MessageModel message, string text)
    {
        List<string> times = [];
        if (message.SentAt is { } sent) times.Add($"Sent {Utc(sent)}");
        if (message.DeliveredAt is { } delivered) times.Add($"Delivered {Utc(delivered)}");
        if (message.ReadAt is { } read) times.Add($"Read {Utc(read)}");
        return times.Count == 0 ? text : string.Join(" · ", times);
    }

    private static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string? Iso(DateTimeOffset? at) => at is { } known ? LocalTimeTagHelper.Iso(known) : null;
}
