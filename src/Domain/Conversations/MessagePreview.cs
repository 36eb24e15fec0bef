namespace MetaMessaging.Domain.Conversations;

/// <summary>The one line that stands for a message in lists and quotations.</summary>
public static class MessagePreview
{
    /// <summary>Without the ellipsis.</summary>
    private const int MaxLength = 160;

    public static string Of(Message message) => Of(
        message.Direction, message.IsDeleted, message.Text, message.PostbackTitle,
        [.. message.Attachments.Select(a => (a.Type, a.Title))]);

    public static string Of(
        MessageDirection direction, bool isDeleted, string? text, string? postbackTitle,
        IReadOnlyList<(string Type, string? Title)> attachments) =>
        isDeleted ? "Message deleted"
        : text is { Length: > 0 } ? Shorten(text)
        : postbackTitle is { Length: > 0 } ? Shorten(postbackTitle)
        : attachments switch
        {
            [] => "Unsupported message",
            [("sticker" or "template" or "fallback", { Length: > 0 } title)] => Shorten(title),
            [var (type, _)] => KindOf(type, direction),
            _ => $"{attachments.Count} attachments",
        };

    /// <param name="attachmentType">Meta's name for it (platform reference, Webhooks → Inbound messages).</param>
    public static string KindOf(string attachmentType, MessageDirection direction) => attachmentType switch
    {
        "image" => "Picture",
        "video" => "Video",
        "audio" => "Voice message",
        "file" => "File",
        "sticker" => "Sticker",
        "like_heart" => Emoji.Heart,
        "location" => "Location",
        "ephemeral" => "Disappearing picture or video",
        "template" => "Card",
        "appointment_booking" => "Appointment",
        "fallback" => "Link",
        "story_mention" when direction is MessageDirection.Outbound => "You mentioned them in your story",
        "story_mention" => "Mentioned you in a story",
        "story_reply" => "Replied to your story",
        "story" or "ig_story" => "Shared a story",
        "reel" or "ig_reel" => "Shared a reel",
        "share" or "post" or "ig_post" => "Shared a post",
        "unsupported_type" => "Unsupported message",
        _ => "Attachment",
    };

    /// <summary>Never between the two halves of a surrogate pair.</summary>
    private static string Shorten(string text)
    {
        if (text.Length <= MaxLength) return text;

        var length = char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
        return string.Concat(text.AsSpan(0, length), "…");
    }
}
