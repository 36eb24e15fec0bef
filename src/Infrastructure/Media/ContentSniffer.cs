namespace MetaMessaging.Infrastructure.Media;

/// <summary>The content type by the first bytes, because servers and senders can claim any. HTML and SVG are left out on purpose: what is
/// not recognised is offered for download and never shown in the page, where they could run scripts.</summary>
internal static class ContentSniffer
{
    public const string Unknown = "application/octet-stream";

    public const int HeadLength = 512;

    /// <param name="type">The attachment's type at Meta; it decides between audio and video for containers that can hold both.</param>
    public static string ContentTypeOf(ReadOnlySpan<byte> head, string type) => (Sniff(head), type) switch
    {
        ("video/mp4" or "video/quicktime" or "video/3gpp", "audio") => "audio/mp4",
        ("video/webm", "audio") => "audio/webm",
        (var known, _) => known,
    };

    public static string ExtensionOf(string contentType) => contentType switch
    {
        "image/jpeg" => ".jpg",
        "image/png" => ".png",
        "image/gif" => ".gif",
        "image/webp" => ".webp",
        "image/heic" => ".heic",
        "image/avif" => ".avif",
        "video/mp4" => ".mp4",
        "video/quicktime" => ".mov",
        "video/3gpp" => ".3gp",
        "video/webm" or "audio/webm" => ".webm",
        "video/x-matroska" => ".mkv",
        "video/x-msvideo" => ".avi",
        "video/ogg" => ".ogv",
        "audio/mp4" => ".m4a",
        "audio/aac" => ".aac",
        "audio/mpeg" => ".mp3",
        "audio/ogg" => ".ogg",
        "audio/wav" => ".wav",
        "audio/amr" => ".amr",
        "audio/flac" => ".flac",
        "application/pdf" => ".pdf",
        "application/zip" => ".zip",
        "application/gzip" => ".gz",
        _ => ".bin",
    };

    private static string Sniff(ReadOnlySpan<byte> head) => head switch
    {
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "image/png",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => "image/gif",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, .. var form] => Riff(form),
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', .. var brand] => BaseMedia(brand),
        [0x1A, 0x45, 0xDF, 0xA3, .. var rest] => rest.IndexOf("webm"u8) >= 0 ? "video/webm" : "video/x-matroska",
        [(byte)'O', (byte)'g', (byte)'g', (byte)'S', .. var rest] => rest.IndexOf("theora"u8) >= 0 ? "video/ogg" : "audio/ogg",
        [(byte)'I', (byte)'D', (byte)'3', ..] => "audio/mpeg",
        [0xFF, 0xF0 or 0xF1 or 0xF8 or 0xF9, ..] => "audio/aac",
        [0xFF, 0xE2 or 0xE3 or 0xF2 or 0xF3 or 0xFA or 0xFB, ..] => "audio/mpeg",
        [(byte)'f', (byte)'L', (byte)'a', (byte)'C', ..] => "audio/flac",
        [(byte)'#', (byte)'!', (byte)'A', (byte)'M', (byte)'R', ..] => "audio/amr",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', (byte)'-', ..] => "application/pdf",
        [(byte)'P', (byte)'K', 3, 4, ..] => "application/zip",
        [0x1F, 0x8B, 8, ..] => "application/gzip",
        _ => Unknown,
    };

    private static string Riff(ReadOnlySpan<byte> form) =>
        form.StartsWith("WEBP"u8) ? "image/webp"
        : form.StartsWith("WAVE"u8) ? "audio/wav"
        : form.StartsWith("AVI "u8) ? "video/x-msvideo"
        : Unknown;

    /// <summary>MP4 and related formats (ISO base media) are told apart by their brand.</summary>
    private static string BaseMedia(ReadOnlySpan<byte> brand) =>
        brand.StartsWith("M4A"u8) || brand.StartsWith("M4B"u8) ? "audio/mp4"
        : brand.StartsWith("qt"u8) ? "video/quicktime"
        : brand.StartsWith("3g"u8) ? "video/3gpp"
        : brand.StartsWith("avif"u8) ? "image/avif"
        : brand.StartsWith("hei"u8) || brand.StartsWith("hevc"u8) || brand.StartsWith("mif1"u8) ? "image/heic"
        : "video/mp4";
}
