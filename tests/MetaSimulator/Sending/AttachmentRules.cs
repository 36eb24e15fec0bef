using MetaMessaging.MetaSimulator.Graph;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Sending;

/// <summary>Which content types and sizes each channel accepts (platform reference, Send API → Attachments).</summary>
internal static class AttachmentRules
{
    private const int Megabyte = 1024 * 1024;

    private static readonly string[] Images = ["image/png", "image/jpeg", "image/jpg", "image/gif"];
    private static readonly string[] InstagramVideos =
    [
        "video/mp4", "video/ogg", "video/avi", "video/x-msvideo", "video/quicktime", "video/webm",
    ];
    private static readonly string[] InstagramAudio =
    [
        "audio/aac", "audio/mp4", "audio/m4a", "audio/x-m4a", "audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave",
    ];

    private static readonly byte[] PngStart = [0x89, 0x50, 0x4E, 0x47];
    private static readonly byte[] JpegStart = [0xFF, 0xD8, 0xFF];

    public static readonly string[] MediaTypes = ["image", "video", "audio", "file"];

    public static int Limit(Channel channel, string type, bool byUrl) =>
        type is "image" && (byUrl || channel is Channel.Instagram) ? 8 * Megabyte : 25 * Megabyte;

    public static TimeSpan FetchTime(string type) => type is "video" ? TimeSpan.FromSeconds(75) : TimeSpan.FromSeconds(10);

    /// <summary>Both the declared content type and the content itself must fit the attachment's type.</summary>
    public static void RequireMatch(Channel channel, string type, string contentType, ReadOnlySpan<byte> content)
    {
        var declared = contentType.Split(';')[0].Trim().ToLowerInvariant();
        var fits = (channel, type) switch
        {
            (_, "image") => Images.Contains(declared) && IsImage(content),
            (Channel.Instagram, "video") => InstagramVideos.Contains(declared),
            (_, "video") => declared.StartsWith("video/", StringComparison.Ordinal) && !IsImage(content),
            (Channel.Instagram, "audio") => InstagramAudio.Contains(declared),
            (_, "audio") => declared.StartsWith("audio/", StringComparison.Ordinal) && !IsImage(content),
            (Channel.Instagram, "file") => declared is "application/pdf" && content.StartsWith("%PDF"u8),
            _ => true,
        };
        if (!fits) throw GraphErrors.Refuse(100, 2018047);
    }

    private static bool IsImage(ReadOnlySpan<byte> content) =>
        content.StartsWith(PngStart) || content.StartsWith(JpegStart) || content.StartsWith("GIF8"u8);
}
