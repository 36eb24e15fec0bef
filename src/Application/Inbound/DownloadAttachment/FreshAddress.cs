using MetaMessaging.Domain.Conversations;

namespace MetaMessaging.Application.Inbound;

/// <summary>
/// Finds an attachment of ours among those of the same message at Meta, where files have other words and shared posts are left out
/// (platform reference, Conversations API).
/// </summary>
internal static class FreshAddress
{
    /// <returns>Null when it is not there.</returns>
    public static string? Of(IReadOnlyList<MessageAttachment> ours, int index, IReadOnlyList<AttachmentContent> theirs)
    {
        var type = ours[index].Type;
        if (ours.Count == theirs.Count && IsSame(type, theirs[index].Type)) return theirs[index].Url;

        // The second picture of ours is the second picture there, whatever stands between them.
        var rank = ours.Take(index).Count(a => Family(a.Type) == Family(type));
        return theirs.Where(a => IsSame(type, a.Type)).ElementAtOrDefault(rank)?.Url;
    }

    private static bool IsSame(string ours, string theirs) => Family(ours) == Family(theirs) || Family(ours) is "any"
        || (ours, theirs) is ("audio", "video" or "file");   // a voice note is a video there, or a file

    private static string Family(string type) => type switch
    {
        "image" or "sticker" => "picture",
        "video" or "audio" or "file" => type,
        _ => "any",
    };
}
