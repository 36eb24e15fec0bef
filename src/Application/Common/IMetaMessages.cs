namespace MetaMessaging.Application.Common;

/// <summary>
/// Sends messages to customers and reads them back from Meta. Calls throw <see cref="GraphException"/> when Meta refuses or does not
/// answer.
/// </summary>
public interface IMetaMessages
{
    /// <summary>Uploads a file that messages can then refer to. No customer sees it yet, so an upload may be repeated.</summary>
    /// <returns>The attachment id Meta gave the file.</returns>
    Task<string> UploadAsync(Recipient recipient, OutgoingFile file, CancellationToken cancellationToken);

    /// <summary>Sends one message (platform reference, Send API → Request).</summary>
    /// <returns>Meta's message id.</returns>
    Task<string> SendAsync(Recipient recipient, OutgoingMessage message, CancellationToken cancellationToken);

    /// <summary>Shows or removes the typing indicator at the customer's.</summary>
    Task SetTypingAsync(Recipient recipient, bool on, CancellationToken cancellationToken);

    /// <summary>Marks the customer's messages as seen.</summary>
    Task MarkSeenAsync(Recipient recipient, CancellationToken cancellationToken);

    /// <summary>Sets the business's reaction to a message, or removes it when the emoji is null.</summary>
    Task ReactAsync(Recipient recipient, string externalId, string? emoji, CancellationToken cancellationToken);

    /// <summary>
    /// Lists the newest messages of one conversation, newest first (platform reference, Conversations API). They show whether a send
    /// whose response was lost went out.
    /// </summary>
    Task<IReadOnlyList<RemoteMessage>> ListRecentMessagesAsync(Recipient recipient, CancellationToken cancellationToken);

    /// <summary>
    /// Reads one message by its id (platform reference, Conversations API), for new addresses of its files or because its webhook
    /// never arrived.
    /// </summary>
    Task<FoundMessage> GetMessageAsync(string pageId, string pageAccessToken, string externalId, CancellationToken cancellationToken);
}

/// <param name="Metadata">Comes back in Messenger's echo; not sent on Instagram.</param>
/// <param name="ReplyTo">The mid of the message it replies to.</param>
/// <param name="Attachment">Sent in place of a text.</param>
public sealed record OutgoingMessage(
    string? Text,
    string? Metadata,
    IReadOnlyList<QuickReply>? QuickReplies = null,
    string? ReplyTo = null,
    MessageTag? Tag = null,
    OutgoingAttachment? Attachment = null);

/// <param name="Type">image, video, audio, file or template.</param>
/// <param name="RemoteId">The attachment id of an uploaded file.</param>
/// <param name="Template">The template's payload, as the JSON Meta takes.</param>
public sealed record OutgoingAttachment(string Type, string? RemoteId, string? Template);

/// <param name="Type">image, video, audio or file.</param>
public sealed record OutgoingFile(string Type, string ContentType, string FileName, Stream Content);

/// <param name="FromId">The id of the sender: Page, Instagram account or customer.</param>
/// <param name="Attachments">Typed as webhooks type them; shared posts and story mentions are among them.</param>
/// <param name="AnsweredStory">The Instagram story the message replies to.</param>
public sealed record FoundMessage(
    string? FromId,
    string? ToId,
    string? Text,
    DateTimeOffset? CreatedAt,
    IReadOnlyList<AttachmentContent> Attachments,
    FoundStory? AnsweredStory = null,
    bool IsUnsupported = false);

/// <param name="Url">Stops working when the story expires.</param>
public sealed record FoundStory(string? Id, string? Url);

/// <param name="AttachmentKinds">Typed as webhooks type them; "unknown" where Meta gives no address.</param>
public sealed record RemoteMessage(
    string ExternalId, string FromId, string? Text, DateTimeOffset CreatedAt, IReadOnlyList<string> AttachmentKinds);
