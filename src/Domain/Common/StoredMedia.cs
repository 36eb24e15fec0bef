namespace MetaMessaging.Domain.Common;

/// <summary>A file in the media store.</summary>
/// <param name="ContentType">From the content, not from what a header claims.</param>
public sealed record StoredMedia(string Key, string? ThumbnailKey, string ContentType, long Size, string? FileName);
