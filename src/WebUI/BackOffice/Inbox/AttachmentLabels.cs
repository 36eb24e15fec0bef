using System.Globalization;

namespace MetaMessaging.WebUI.BackOffice;

internal static class AttachmentLabels
{
    public static string Icon(string type) => type switch
    {
        "image" or "story" or "ig_story" => "photo",
        "video" or "reel" or "ig_reel" => "video",
        "audio" => "microphone",
        "file" => "file",
        "sticker" => "sticker",
        "location" => "map-pin",
        "like_heart" => "mood-smile",
        "story_mention" => "at",
        "story_reply" => "arrow-back-up",
        "ephemeral" => "eye-off",
        "appointment_booking" => "calendar",
        "share" or "post" or "ig_post" or "template" or "fallback" => "link",
        _ => "paperclip",
    };

    /// <returns>image, video or audio; null for a download: another kind, or a format that most browsers cannot decode.</returns>
    public static string? Player(string? contentType) => contentType switch
    {
        "image/heic" or "video/x-msvideo" or "video/x-matroska" or "audio/amr" => null,
        _ => contentType?.Split('/')[0] is var family and ("image" or "video" or "audio") ? family : null,
    };

    public static string Degrees(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
