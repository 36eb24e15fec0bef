using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.State;
using MetaMessaging.MetaSimulator.Webhooks;

namespace MetaMessaging.MetaSimulator.Control;

internal sealed record CustomerRequest(
    string? Id, string? PageId, string? Channel, string? Name, string? Username, bool? Online, bool? Blocked, ProfileBehaviour? Profile,
    string? ThreadOwnerAppId, int? Count);

/// <param name="Type">image, video, audio, file, sticker, location, fallback, share, ig_post, ig_reel, story_mention, ephemeral, template, ...</param>
/// <param name="Sample">A file of the simulator's own; without any source the type's default one.</param>
/// <param name="MediaId">Something uploaded with POST /sim/media.</param>
/// <param name="Url">An address to pass on as it is.</param>
/// <param name="Payload">Members of the payload, over those that the type has by itself.</param>
/// <param name="LegacyTwin">A sticker also comes as image, a shared post also as share, as in Meta's transition periods.</param>
internal sealed record AttachmentRequest(
    string Type, string? Sample, string? MediaId, string? Url, string? Title, double? Lat, double? Long, JsonObject? Payload, bool? LegacyTwin);

internal sealed record StoryReplyRequest(string? Id, string? Url, bool? Expired);

/// <param name="Bare">Instagram: only a message_edit with num_edit 0 and no names arrives (platform reference, Webhooks → Echo, edit, unsend).</param>
internal sealed record MessageRequest(
    string? Text, IReadOnlyList<AttachmentRequest>? Attachments, string? ReplyTo, string? QuickReply, StoryReplyRequest? StoryReply, JsonObject? Referral,
    bool? Unsupported, bool? Bare, string? Mid, string? Timestamp);

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
    string Id, string Channel, string PageId, string AccountId, string ConversationId, string Name, string Username, string Portrait, bool Online, bool Blocked,
    ProfileBehaviour Profile, string? ThreadOwnerAppId, long LastActionAt, long DeliveredUpTo, long ReadUpTo, long SeenByBusinessUpTo, bool Typing,
    MessageModel? LastMessage, IReadOnlyList<MessageModel>? Messages)
{
    public static CustomerModel Of(Platform platform, Customer customer, bool withMessages)
    {
        var events = new MessagingEvents(platform.Media);
        return new CustomerModel(
            customer.Id, customer.Channel.Word(), customer.PageId, customer.AccountId, customer.ConversationId, customer.Name, customer.Username,
            $"/media/portraits/{customer.Id}.png", customer.Online, customer.Blocked, customer.Profile, customer.ThreadOwnerAppId, customer.LastActionAt,
            customer.DeliveredUpTo, customer.ReadUpTo, customer.SeenByBusinessUpTo, customer.TypingUntil > platform.Clock.NowMs,
            customer.LastMessage is { } last ? MessageModel.Of(events, last) : null,
            withMessages ? [.. customer.Messages.Select(message => MessageModel.Of(events, message))] : null);
    }
}

internal sealed record MessageModel(
    string Mid, bool FromCustomer, long At, string? Text, JsonArray Attachments, IReadOnlyList<QuickReply> QuickReplies, string? Payload, string? ReplyToMid,
    StoryReference? Story, string? Metadata, string? AppId, string? Tag, bool IsDeleted, bool IsPostback, int Edits, string? CustomerReaction, string? BusinessReaction)
{
    public static MessageModel Of(MessagingEvents events, Message message) => new(
        message.Mid, message.FromCustomer, message.At, message.Text, events.Attachments(message), message.QuickReplies, message.Payload, message.ReplyToMid,
        message.Story, message.Metadata, message.AppId, message.Tag, message.IsDeleted, message.IsPostback, message.Edits, message.CustomerReaction, message.BusinessReaction);
}
