namespace MetaMessaging.Domain.Conversations;

/// <summary>What a message says, whoever sent it.</summary>
/// <param name="IsPostback">A button was tapped; its title and payload may be missing.</param>
/// <param name="IsUnsupported">Meta says that it does not pass on what the message holds.</param>
public sealed record MessageContent(
    string? Text, IReadOnlyList<AttachmentContent> Attachments, string? QuickReplyPayload = null, string? ReplyToExternalId = null,
    string? PostbackTitle = null, string? PostbackPayload = null, string? ReplyToStoryId = null, string? ReplyToStoryUrl = null,
    string? Referral = null, bool IsPostback = false, bool IsUnsupported = false);

/// <param name="Type">Meta's type, which may be one that is not documented.</param>
/// <param name="Url">Null if Meta sends none, as for disappearing media.</param>
/// <param name="Details">The payload if it contains more than address and title, JSON as Meta sent it.</param>
public sealed record AttachmentContent(string Type, string? Url, string? Title = null, string? StickerId = null, string? Details = null);
