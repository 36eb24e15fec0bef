using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Conversations;

namespace MetaMessaging.Application.Common;

/// <summary>Meta's Graph API in our words. Every method throws <see cref="GraphException"/> when Meta refuses or does not answer.</summary>
public interface IMetaGraph
{
    /// <summary>The address of Meta's login dialog (platform reference, OAuth → Login dialog).</summary>
    Uri DialogUrl(string appId, Uri redirectUri, string state);

    /// <summary>Code to short-lived to long-lived user token (platform reference, OAuth → Code exchange; OAuth → Long-lived token), and who granted what (platform reference, OAuth → Pages and Page tokens; OAuth → Permissions).</summary>
    Task<UserGrant> ExchangeCodeAsync(string code, Uri redirectUri, CancellationToken cancellationToken);

    /// <summary>All Pages the token can see, each with its token and Instagram account (platform reference, OAuth → Pages and Page tokens); falls back to the granular scopes of the token when the list is empty.</summary>
    Task<IReadOnlyList<ConnectablePage>> ListPagesAsync(string userAccessToken, CancellationToken cancellationToken);

    /// <summary>Meta's own word on a token (platform reference, OAuth → debug_token).</summary>
    Task<TokenInspection> InspectTokenAsync(string accessToken, CancellationToken cancellationToken);

    /// <summary>Subscribes the app to every Page field that we handle and reads the subscription back (platform reference, OAuth → subscribed_apps).</summary>
    /// <returns>What keeps events from arriving, for people; null when all is well.</returns>
    Task<string?> SubscribePageAsync(string pageId, string pageAccessToken, CancellationToken cancellationToken);

    /// <summary>Compares the app-level subscriptions with what has to arrive where (platform reference, OAuth → App-level subscription).</summary>
    /// <returns>What keeps events from arriving, for people; null when all is well, or when Meta does not tell.</returns>
    Task<string?> CheckAppSubscriptionsAsync(Uri webhookUrl, bool withInstagram, CancellationToken cancellationToken);

    /// <summary>Removes the app's subscription of the Page (platform reference, OAuth → Disconnecting).</summary>
    Task UnsubscribePageAsync(string pageId, string pageAccessToken, CancellationToken cancellationToken);

    /// <summary>Gives Meta a file that messages can then name (platform reference, Send API → Attachments). Nobody gets to see it, so it may be repeated.</summary>
    /// <returns>Meta's id of it.</returns>
    Task<string> UploadAsync(Recipient recipient, OutgoingFile file, CancellationToken cancellationToken);

    /// <summary>Sends one message (platform reference, Send API → Request).</summary>
    /// <returns>Meta's message id.</returns>
    Task<string> SendAsync(Recipient recipient, OutgoingMessage message, CancellationToken cancellationToken);

    /// <summary>Shows the customer that somebody writes, or no longer does (platform reference, Send API → Quick replies, templates, sender actions).</summary>
    Task SetTypingAsync(Recipient recipient, bool on, CancellationToken cancellationToken);

    /// <summary>Tells the customer that their messages were seen (platform reference, Send API → Quick replies, templates, sender actions).</summary>
    Task MarkSeenAsync(Recipient recipient, CancellationToken cancellationToken);

    /// <summary>Puts the business's emoji on a message of the customer, or takes it back with null (platform reference, Send API → Quick replies, templates, sender actions).</summary>
    Task ReactAsync(Recipient recipient, string externalId, string? emoji, CancellationToken cancellationToken);

    /// <summary>The newest messages of one conversation, newest first (platform reference, Conversations API): the proof whether a send went out.</summary>
    Task<IReadOnlyList<RemoteMessage>> ListRecentMessagesAsync(Recipient recipient, CancellationToken cancellationToken);

    /// <summary>One message by its id (platform reference, Conversations API): fresh addresses of its files, or all of it when its webhook never came.</summary>
    Task<FoundMessage> GetMessageAsync(string pageId, string pageAccessToken, string externalId, CancellationToken cancellationToken);

    /// <summary>Name and picture of a customer (platform reference, Profile API).</summary>
    Task<MetaProfile> GetProfileAsync(Recipient recipient, CancellationToken cancellationToken);
}

/// <summary>Whom a call is about, and on whose behalf.</summary>
/// <param name="ScopedUserId">PSID on Messenger, IGSID on Instagram.</param>
public sealed record Recipient(Channel Channel, string PageId, string PageAccessToken, string? IgAccountId, string ScopedUserId)
{
    /// <summary>Whose allowance at Meta the call uses up.</summary>
    public string AccountId => Channel is Channel.InstagramDm && IgAccountId is { } account ? account : PageId;

    /// <exception cref="ConflictException">channel_not_connected, connection_expired</exception>
    public static Recipient Of(PageConnection connection, Channel channel, string scopedUserId)
    {
        connection.EnsureCanCallMeta(channel);
        return new Recipient(channel, connection.PageId, connection.PageAccessToken!, connection.IgAccountId, scopedUserId);
    }
}

/// <param name="Metadata">Comes back in Messenger's echo; not sent on Instagram.</param>
/// <param name="ReplyTo">The mid that it answers.</param>
/// <param name="Attachment">In place of a text.</param>
public sealed record OutgoingMessage(
    string? Text, string? Metadata, IReadOnlyList<QuickReply>? QuickReplies = null, string? ReplyTo = null, MessageTag? Tag = null, OutgoingAttachment? Attachment = null);

/// <param name="Type">image, video, audio, file or template.</param>
/// <param name="RemoteId">Of an uploaded file.</param>
/// <param name="Template">JSON as Meta takes it.</param>
public sealed record OutgoingAttachment(string Type, string? RemoteId, string? Template);

/// <param name="Type">image, video, audio or file.</param>
public sealed record OutgoingFile(string Type, string ContentType, string FileName, Stream Content);

/// <param name="MetaUserId">The app-scoped id of the person; null when Meta did not say.</param>
/// <param name="GrantedPermissions">Null when Meta did not say.</param>
public sealed record UserGrant(string AccessToken, DateTimeOffset? ExpiresAt, string? MetaUserId, IReadOnlyCollection<string>? GrantedPermissions);

/// <param name="ExpiresAt">Null: never.</param>
public sealed record TokenInspection(bool IsValid, DateTimeOffset? ExpiresAt, DateTimeOffset? DataAccessExpiresAt, string? Problem);

/// <summary>What Meta tells of a person; the second line is Instagram's.</summary>
public sealed record MetaProfile(
    string? Name, string? Username, Uri? PictureUrl,
    bool? IsVerified = null, int? FollowerCount = null, bool? FollowsBusiness = null, bool? FollowedByBusiness = null)
{
    /// <summary>No access to this person: Meta answers, and says nothing (platform reference, Profile API).</summary>
    public bool IsEmpty => Name is null && Username is null && PictureUrl is null;
}

/// <param name="FromId">Page or Instagram account, or the customer.</param>
/// <param name="Attachments">In the webhook's words; shared posts and story mentions are among them.</param>
/// <param name="AnsweredStory">The Instagram story that it answers.</param>
public sealed record FoundMessage(
    string? FromId, string? ToId, string? Text, DateTimeOffset? CreatedAt, IReadOnlyList<AttachmentContent> Attachments,
    FoundStory? AnsweredStory = null, bool IsUnsupported = false);

/// <param name="Url">Dies with the story.</param>
public sealed record FoundStory(string? Id, string? Url);

/// <param name="AttachmentKinds">In the webhook's words, as far as Meta tells.</param>
public sealed record RemoteMessage(string ExternalId, string FromId, string? Text, DateTimeOffset CreatedAt, IReadOnlyList<string> AttachmentKinds);
