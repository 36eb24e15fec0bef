namespace MetaMessaging.Application.Inbound;

/// <summary>Finds an attachment in the Conversations API's copy, which has other type names and leaves out shared posts.</summary>
internal static class RenewedAddress
{
    public static string? Find(IReadOnlyList<MessageAttachment> ours, int index, IReadOnlyList<AttachmentContent> theirs)
    {
        var type = ours[index].Type;
        if (ours.Count == theirs.Count && IsSame(type, theirs[index].Type)) return theirs[index].Url;

        // The second picture of ours is the second picture there, whatever attachments are in between.
        var rank = ours.Take(index).Count(a => Family(a.Type) == Family(type));
        return theirs.Where(a => IsSame(type, a.Type)).ElementAtOrDefault(rank)?.Url;
    }

    private static bool IsSame(string ours, string theirs) => Family(ours) == Family(theirs) || Family(ours) is "any"
        || (ours, theirs) is ("audio", "video" or "file");   // a voice message may be a video or a file there

    private static string Family(string type) => type switch
    {
        "image" or "sticker" => "picture",
        "video" or "audio" or "file" => type,
        _ => "any",
    };
}
