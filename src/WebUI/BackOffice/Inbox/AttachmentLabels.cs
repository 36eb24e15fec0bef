using System.Globalization;

namespace MetaMessaging.WebUI.BackOffice;

internal static class AttachmentLabels
{
    /// <param name="type">Meta's name for it (platform reference, Webhooks → Inbound messages).</param>
    public static (string Icon, string Name) Kind(string type, MessageDirection direction = MessageDirection.Inbound) => type switch
    {
        "image" => ("photo", "Picture"),
        "video" => ("video", "Video"),
        "audio" => ("microphone", "Voice message"),
        "file" => ("file", "File"),
        "sticker" => ("sticker", "Sticker"),
        "location" => ("map-pin", "Location"),
        "like_heart" => ("mood-smile", Emoji.Heart),
        "story_mention" => ("at", MessagePreview.StoryMention(direction)),
        "story_reply" => ("arrow-back-up", "Replied to your story"),
        "story" or "ig_story" => ("photo", "Shared a story"),
        "ephemeral" => ("eye-off", "Disappearing picture or video"),
        "appointment_booking" => ("calendar", "Appointment"),
        "share" or "post" or "ig_post" => ("link", "Shared a post"),
        "reel" or "ig_reel" => ("video", "Shared a reel"),
        "template" or "fallback" => ("link", "Shared a link"),
        _ => ("paperclip", "Attachment"),
    };

    /// <returns>image, video or audio; null for a download: another kind, or a format that most browsers cannot decode.</returns>
    public static string? Player(string? contentType) => contentType switch
    {
        "image/heic" or "video/x-msvideo" or "video/x-matroska" or "audio/amr" => null,
        _ => contentType?.Split('/')[0] is var family and ("image" or "video" or "audio") ? family : null,
    };

    public static string Degrees(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
