using System.Text.Json.Serialization;
using Mapster;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;

namespace MetaMessaging.Application.Conversations;

/// <param name="QuickReplies">The buttons that were offered below it, for the pages.</param>
/// <param name="NextAttemptAt">When a queued message is tried; null for now.</param>
public sealed record MessageModel(
    long Id,
    long ConversationId,
    Channel Channel,
    MessageDirection Direction,
    MessageStatus Status,
    MessageOrigin Origin,
    string? ExternalId,
    string? Text,
    ReplyToModel? ReplyTo,
    StoryModel? ReplyToStory,
    IReadOnlyList<AttachmentModel> Attachments,
    IReadOnlyList<ReactionModel> Reactions,
    string? QuickReplyPayload,
    [property: JsonIgnore] IReadOnlyList<QuickReply>? QuickReplies,
    PostbackModel? Postback,
    ReferralModel? Referral,
    bool IsDeleted,
    DateTimeOffset? EditedAt,
    DateTimeOffset OccurredAt,
    DateTimeOffset? SentAt,
    DateTimeOffset? DeliveredAt,
    DateTimeOffset? ReadAt,
    DateTimeOffset? NextAttemptAt,
    MessageErrorModel? Error,
    SenderModel? Sender);

/// <param name="Text">What it answers, in a line; null when that message is unknown here.</param>
public sealed record ReplyToModel(long? MessageId, string ExternalId, string? Text = null);

/// <param name="Url">Meta's address, which dies with the story; null where it has.</param>
public sealed record StoryModel(string? Id, string? Url);

/// <param name="Url">Ours, once it is stored; null for a link or while it is pending.</param>
/// <param name="SourceUrl">Meta's address, which expires.</param>
/// <param name="Details">What cards, places and bookings show; null for all others.</param>
public sealed record AttachmentModel(
    long Id, string Type, string? ContentType, long? Size, string? FileName, AttachmentState State, string? Url, string? SourceUrl, string? Title,
    AttachmentDetailsModel? Details);

/// <param name="Actor">contact or business.</param>
public sealed record ReactionModel(string Actor, string Emoji);

public sealed record PostbackModel(string? Title, string? Payload);

/// <param name="Actor">Who can do something about it.</param>
/// <param name="Class">What kind of refusal it is, for pages and lists; null where it failed before that was kept.</param>
public sealed record MessageErrorModel(int? Code, int? Subcode, string? FbtraceId, string Title, string? Detail, RefusalActor Actor, bool Retryable,
    [property: JsonIgnore] RefusalClass? Class);

public sealed record SenderModel(long? Id, string Name);

internal sealed class MessageModelMapping : IRegister
{
    public void Register(TypeAdapterConfig config)
    {
        config.NewConfig<Message, MessageModel>()
            .Map(model => model.ReplyToStory, m => m.ReplyToStoryId == null && m.ReplyToStoryUrl == null ? null : new StoryModel(m.ReplyToStoryId, m.ReplyToStoryUrl))
            .Map(model => model.ReplyTo, m => m.ReplyToExternalId == null ? null : new ReplyToModel(m.ReplyToMessageId, m.ReplyToExternalId, null))
            .Map(model => model.Postback, m => m.Kind == MessageKind.Postback && !m.IsDeleted ? new PostbackModel(m.PostbackTitle, m.PostbackPayload) : null)
            .Map(model => model.Sender, m => m.SenderName == null ? null : new SenderModel(m.SenderId, m.SenderName))
            .Map(model => model.Reactions, m => ReactionsOf(m))
            .Map(model => model.Referral, m => ReferralModel.Parse(m.Referral))
            .Map(model => model.Attachments, m => AttachmentsOf(m));
        config.NewConfig<MessageAttachment, AttachmentModel>()
            .Map(model => model.Details, a => AttachmentDetailsModel.Parse(a.Details))
            .Map(model => model.Url, a => a.StorageKey == null ? null : $"/api/attachments/{a.Id}/content");
    }

    private static List<ReactionModel> ReactionsOf(Message message) =>
        message.IsDeleted ? [] : [.. message.Reactions.Where(r => r.Emoji != null).OrderBy(r => r.Actor).Select(r => new ReactionModel(r.Actor is ReactionActor.Contact ? "contact" : "business", r.Emoji!))];

    /// <summary>Rows of a message that was taken back only say which files are still to be deleted.</summary>
    private static List<AttachmentModel> AttachmentsOf(Message message) => message.IsDeleted ? [] : message.Attachments.Adapt<List<AttachmentModel>>();
}
