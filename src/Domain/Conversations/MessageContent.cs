namespace MetaMessaging.Domain.Conversations;

/// <summary>What a message says, whoever sent it.</summary>
public sealed record MessageContent(
    string? Text,
    IReadOnlyList<AttachmentContent> Attachments,
    string? QuickReplyPayload = null,
    string? ReplyToExternalId = null,
    string? PostbackTitle = null,
    string? PostbackPayload = null,
    string? ReplyToStoryId = null,
    string? ReplyToStoryUrl = null,
    string? Referral = null);

/// <param name="Type">Meta's word, also one never seen before.</param>
/// <param name="Url">Null where Meta gives none, as for disappearing media.</param>
/// <param name="Details">The payload where it says more than address and title, JSON as Meta sent it.</param>
public sealed record AttachmentContent(string Type, string? Url, string? Title = null, string? StickerId = null, string? Details = null);
