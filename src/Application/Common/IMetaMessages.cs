namespace MetaMessaging.Application.Common;

/// <summary>Sends messages and reads them back. Calls throw <see cref="GraphException"/> when Meta refuses or does not answer.</summary>
public interface IMetaMessages
{
    /// <summary>Uploads a file that messages can then refer to. No customer sees it yet, so an upload may be repeated.</summary>
    Task<string> UploadAsync(Recipient recipient, OutgoingFile file, CancellationToken cancellationToken);

    Task<string> SendAsync(Recipient recipient, OutgoingMessage message, CancellationToken cancellationToken);

    Task SetTypingAsync(Recipient recipient, bool on, CancellationToken cancellationToken);

    Task MarkSeenAsync(Recipient recipient, CancellationToken cancellationToken);

    Task ReactAsync(Recipient recipient, string externalId, string? emoji, CancellationToken cancellationToken);

    /// <summary>The newest messages of a conversation, newest first; they show whether a send without an answer went out.</summary>
    Task<IReadOnlyList<RemoteMessage>> ListRecentMessagesAsync(Recipient recipient, CancellationToken cancellationToken);

    /// <summary>One message by its id, for new addresses of its files or because its webhook never arrived.</summary>
    Task<FoundMessage> GetMessageAsync(string pageId, string pageAccessToken, string externalId, CancellationToken cancellationToken);
}

/// <param name="Metadata">Comes back in Messenger's echo; not sent on Instagram.</param>
public sealed record OutgoingMessage(
    string? Text, string? Metadata, IReadOnlyList<QuickReply>? QuickReplies = null, string? ReplyTo = null, MessageTag? Tag = null,
    OutgoingAttachment? Attachment = null);

/// <param name="Type">image, video, audio, file or template.</param>
/// <param name="Template">The template's payload, as the JSON Meta takes.</param>
public sealed record OutgoingAttachment(string Type, string? RemoteId, string? Template);

public sealed record OutgoingFile(string Type, string ContentType, string FileName, Stream Content);

/// <param name="Attachments">Typed as webhooks type them; shared posts and story mentions are among them.</param>
public sealed record FoundMessage(
    string? FromId, string? ToId, string? Text, DateTimeOffset? CreatedAt, IReadOnlyList<AttachmentContent> Attachments,
    FoundStory? AnsweredStory = null, bool IsUnsupported = false);

/// <param name="Url">Stops working when the story expires.</param>
public sealed record FoundStory(string? Id, string? Url);

/// <param name="AttachmentKinds">Typed as webhooks type them; "unknown" where Meta gives no address.</param>
public sealed record RemoteMessage(
    string ExternalId, string FromId, string? Text, DateTimeOffset CreatedAt, IReadOnlyList<string> AttachmentKinds);
