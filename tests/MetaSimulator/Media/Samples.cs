using MetaMessaging.MetaSimulator.Phone;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Media;

/// <summary>Small pictures, sounds and documents that a customer can send without having any of their own.</summary>
internal static class Samples
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        ["cup.jpg"] = "image/jpeg",
        ["latte.jpg"] = "image/jpeg",
        ["beans.jpg"] = "image/jpeg",
        ["thumbs-up.png"] = "image/png",
        ["voice.mp3"] = "audio/mpeg",

        // Instagram's voice notes come as video (platform reference, Downloads → Type detection).
        ["voice-note.mp4"] = "video/mp4",
        ["clip.mp4"] = "video/mp4",
        ["price-list.pdf"] = "application/pdf",
    };

    public static IEnumerable<string> Names => Types.Keys;

    public static bool Has(string name) => Types.ContainsKey(name);

    public static string DefaultFor(Channel channel, string attachmentType) => attachmentType switch
    {
        "video" or "ig_reel" or "reel" => "clip.mp4",
        "audio" => channel is Channel.Messenger ? "voice.mp3" : "voice-note.mp4",
        "file" => "price-list.pdf",
        "sticker" => "thumbs-up.png",
        "story_mention" or "ig_story" or "story" => "latte.jpg",
        "share" or "ig_post" or "post" => "beans.jpg",
        _ => "cup.jpg",
    };

    /// <summary>Stores a new file for each message, as Meta does.</summary>
    public static MediaFile Media(Platform platform, string name, bool noStore = false) =>
        platform.Media.Store(SiteFiles.Read($"samples/{name}")!, Types[name], name, noStore);
}
