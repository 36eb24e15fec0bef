using System.Globalization;

namespace MetaMessaging.Domain.Conversations;

/// <summary>What a channel accepts in one message (platform reference, Send API → Request).</summary>
public static class MessagingLimits
{
    public const int MaxMessengerTextCharacters = 2000;

    /// <summary>For any file on any channel (platform reference, Send API → Attachments).</summary>
    public const long MaxFileBytes = 25 * Megabyte;

    /// <summary>Files in one send, each of which becomes a message.</summary>
    public const int MaxFiles = 10;

    private const long Megabyte = 1024 * 1024;
    private const long MaxInstagramImageBytes = 8 * Megabyte;

    /// <summary>Pictures of other types are sent as files.</summary>
    private static readonly FileRule[] OnMessenger =
    [
        new("image/jpeg", "image", MaxFileBytes), new("image/png", "image", MaxFileBytes), new("image/gif", "image", MaxFileBytes),
        new("video/*", "video", MaxFileBytes), new("audio/*", "audio", MaxFileBytes), new("*/*", "file", MaxFileBytes),
    ];

    private static readonly FileRule[] OnInstagram =
    [
        new("image/jpeg", "image", MaxInstagramImageBytes), new("image/png", "image", MaxInstagramImageBytes),
        new("image/gif", "image", MaxInstagramImageBytes),
        new("video/mp4", "video", MaxFileBytes), new("video/ogg", "video", MaxFileBytes), new("video/x-msvideo", "video", MaxFileBytes),
        new("video/quicktime", "video", MaxFileBytes), new("video/webm", "video", MaxFileBytes),
        new("audio/aac", "audio", MaxFileBytes), new("audio/mp4", "audio", MaxFileBytes), new("audio/wav", "audio", MaxFileBytes),
        new("application/pdf", "file", MaxFileBytes),
    ];

    /// <summary>Bytes of UTF-8, not characters: 250 emoji are the maximum.</summary>
    public const int MaxInstagramTextBytes = 1000;

    public static int MaxTextLength(Channel channel) =>
        channel is Channel.FacebookMessenger ? MaxMessengerTextCharacters : MaxInstagramTextBytes;

    /// <summary>How much of <see cref="MaxTextLength"/> the text uses, in that channel's unit.</summary>
    public static int TextLength(Channel channel, string text) =>
        channel is Channel.FacebookMessenger ? CharactersOf(text) : Encoding.UTF8.GetByteCount(text);

    /// <summary>Code points: an emoji is one character, not two.</summary>
    public static int CharactersOf(string text) => text.EnumerateRunes().Count();

    public static void EnsureTextFits(Channel channel, string text)
    {
        var length = TextLength(channel, text);
        if (length <= MaxTextLength(channel)) return;

        throw new DomainException("text_too_long", channel is Channel.FacebookMessenger
            ? $"Messenger accepts {MaxMessengerTextCharacters} characters; this text has {length}."
            : $"Instagram accepts {MaxInstagramTextBytes} bytes of UTF-8; this text has {length}. "
                + "Emoji and accented letters count several bytes each.");
    }

    /// <summary>The files that a channel accepts; the first rule that matches the content type applies.</summary>
    public static IReadOnlyList<FileRule> FileRules(Channel channel) => channel is Channel.FacebookMessenger ? OnMessenger : OnInstagram;

    /// <returns>Meta's type for the attachment.</returns>
    public static string EnsureFileFits(Channel channel, string contentType, long size)
    {
        var rule = FileRules(channel).FirstOrDefault(r => r.Matches(contentType))
            ?? throw NotSupported(
                "Instagram takes pictures (JPEG, PNG, GIF), videos (MP4, OGG, AVI, MOV, WebM), sound (AAC, M4A, WAV) and PDF; "
                + "this file is none of these.");
        if (size <= rule.MaxSize) return rule.Type;

        var (name, files) = channel is Channel.FacebookMessenger ? ("Messenger", "files")
            : ("Instagram", rule.Type is "image" ? "pictures" : "files");
        throw NotSupported($"{name} takes {files} of {rule.MaxSize / Megabyte} MB at most; this one has {Megabytes(size)} MB.");
    }

    public static void EnsureTemplateFits(Channel channel, MessageTemplate template)
    {
        if (channel is Channel.InstagramDm && template.ButtonTypes.Any(type => type is not ("web_url" or "postback")))
            throw new DomainException("template_not_supported", "Instagram supports only buttons of the types web_url and postback.");
    }

    private static DomainException NotSupported(string message) => new("attachment_not_supported", message);

    private static string Megabytes(long size) => ((decimal)size / Megabyte).ToString("0.#", CultureInfo.InvariantCulture);
}

/// <param name="ContentType">A type, a family of types (video/*), or all of them (*/*).</param>
public sealed record FileRule(string ContentType, string Type, long MaxSize)
{
    public bool Matches(string contentType) =>
        ContentType == "*/*"
        || ContentType == contentType
        || (ContentType.EndsWith("/*", StringComparison.Ordinal) && contentType.StartsWith(ContentType[..^1], StringComparison.Ordinal));
}
