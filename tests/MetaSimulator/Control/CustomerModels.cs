using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.State;
using MetaMessaging.MetaSimulator.Webhooks;

namespace MetaMessaging.MetaSimulator.Control;

internal sealed record CustomerRequest
{
    public string? Id { get; init; }

    public string? PageId { get; init; }

    public string? Channel { get; init; }

    public string? Name { get; init; }

    public string? Username { get; init; }

    public bool? Online { get; init; }

    public bool? Blocked { get; init; }

    public ProfileBehaviour? Profile { get; init; }

    public string? ThreadOwnerAppId { get; init; }

    public int? Count { get; init; }
}

internal sealed record AttachmentRequest
{
    /// <summary>
    /// image, video, audio, file, sticker, location, fallback, share, ig_post, ig_reel, story_mention, ephemeral, template, ...
    /// </summary>
    public required string Type { get; init; }

    /// <summary>A file that comes with the simulator. Without sample, media and address the type's default sample is sent.</summary>
    public string? Sample { get; init; }

    /// <summary>A file that was uploaded with POST /sim/media.</summary>
    public string? MediaId { get; init; }

    /// <summary>An address that is passed on unchanged.</summary>
    public string? Url { get; init; }

    public string? Title { get; init; }

    public double? Lat { get; init; }

    public double? Long { get; init; }

    /// <summary>Members that are added to the payload and override those of the type.</summary>
    public JsonObject? Payload { get; init; }

    /// <summary>Sends a sticker as an image as well, or a shared post as a share as well, as Meta does while it migrates a type.</summary>
    public bool? LegacyTwin { get; init; }
}

internal sealed record StoryReplyRequest(string? Id, string? Url, bool? Expired);

internal sealed record MessageRequest
{
    public string? Text { get; init; }

    public IReadOnlyList<AttachmentRequest>? Attachments { get; init; }

    public string? ReplyTo { get; init; }

    public string? QuickReply { get; init; }

    public StoryReplyRequest? StoryReply { get; init; }

    public JsonObject? Referral { get; init; }

    public bool? Unsupported { get; init; }

    /// <summary>
    /// Instagram: only a message_edit with num_edit 0 and no names arrives (platform reference, Webhooks → Echo, edit, unsend).
    /// </summary>
    public bool? Bare { get; init; }

    public string? Mid { get; init; }

    public string? Timestamp { get; init; }
}

internal sealed record ReactionRequest(string? Mid, string? Emoji, string? Reaction, string? Timestamp);

internal sealed record UnsendRequest(string? Timestamp);

internal sealed record EditRequest(string Text, int? NumEdit, string? Timestamp);

internal sealed record ReceiptRequest(string? Mid, long? Watermark, string? Timestamp);

internal sealed record PostbackRequest(string Title, string Payload, bool? WithoutMid, JsonObject? Referral, string? Timestamp);

internal sealed record ReferralRequest(JsonObject? Referral, string? Ref, string? Source, string? Timestamp);

internal sealed record CustomEventRequest(string Field, JsonObject Event, string? Timestamp);

internal sealed record NamedEventRequest(JsonObject? Event, string? Timestamp);

internal sealed record ElsewhereRequest(string Text, string? AppId, string? Timestamp);

internal sealed record ThreadControlRequest(string Event, string? NewOwnerAppId, string? PreviousOwnerAppId, string? Metadata);

internal sealed record SentModel(string Mid, long Timestamp);

internal sealed record CustomerModel(
    string Id,
    string Channel,
    string PageId,
    string AccountId,
    string ConversationId,
    string Name,
    string Username,
    string Portrait,
    bool Online,
    bool Blocked,
    ProfileBehaviour Profile,
    string? ThreadOwnerAppId,
    long LastActionAt,
    long DeliveredUpTo,
    long ReadUpTo,
    long SeenByBusinessUpTo,
    bool Typing,
    MessageModel? LastMessage,
    IReadOnlyList<MessageModel>? Messages)
{
    public static CustomerModel Of(Platform platform, Customer customer, bool withMessages)
    {
        var events = new MessagingEvents(platform.Media);
        return new CustomerModel(
            customer.Id, customer.Channel.ToText(), customer.PageId, customer.AccountId, customer.ConversationId, customer.Name,
            customer.Username,
            $"/media/portraits/{customer.Id}.png", customer.Online, customer.Blocked, customer.Profile, customer.ThreadOwnerAppId,
            customer.LastActionAt,
            customer.DeliveredUpTo, customer.ReadUpTo, customer.SeenByBusinessUpTo, customer.TypingUntil > platform.Clock.NowMs,
            customer.LastMessage is { } last ? MessageModel.Of(events, last) : null,
            withMessages ? [.. customer.Messages.Select(message => MessageModel.Of(events, message))] : null);
    }
}

internal sealed record MessageModel(
    string Mid,
    bool FromCustomer,
    long At,
    string? Text,
    JsonArray Attachments,
    IReadOnlyList<QuickReply> QuickReplies,
    string? Payload,
    string? ReplyToMid,
    StoryReference? Story,
    string? Metadata,
    string? AppId,
    string? Tag,
    bool IsDeleted,
    bool IsPostback,
    int Edits,
    string? CustomerReaction,
    string? BusinessReaction)
{
    public static MessageModel Of(MessagingEvents events, Message message) => new(
        message.Mid, message.FromCustomer, message.At, message.Text, events.Attachments(message), message.QuickReplies, message.Payload,
        message.ReplyToMid,
        message.Story, message.Metadata, message.AppId, message.Tag, message.IsDeleted, message.IsPostback, message.Edits,
        message.CustomerReaction, message.BusinessReaction);
}
