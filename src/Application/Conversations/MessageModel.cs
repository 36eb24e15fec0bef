using System.Text.Json.Serialization;

namespace MetaMessaging.Application.Conversations;

/// <param name="QuickReplies">The quick replies shown below it; for the back office only.</param>
/// <param name="IsUnsupported">It holds something that Meta does not pass on.</param>
/// <param name="NextAttemptAt">When a queued message is tried next; null for as soon as possible.</param>
public sealed record MessageModel(
    long Id, long ConversationId, Channel Channel, MessageDirection Direction, MessageStatus Status, MessageOrigin Origin,
    string? ExternalId, string? Text, ReplyToModel? ReplyTo, StoryModel? ReplyToStory,
    IReadOnlyList<AttachmentModel> Attachments, IReadOnlyList<ReactionModel> Reactions,
    string? QuickReplyPayload, [property: JsonIgnore] IReadOnlyList<QuickReply>? QuickReplies, PostbackModel? Postback,
    ReferralModel? Referral, bool IsUnsupported, bool IsDeleted, DateTimeOffset? EditedAt, DateTimeOffset OccurredAt,
    DateTimeOffset? SentAt, DateTimeOffset? DeliveredAt, DateTimeOffset? ReadAt, DateTimeOffset? NextAttemptAt,
    MessageErrorModel? Error, SenderModel? Sender)
{
    /// <summary>The one line that stands for it in lists.</summary>
    [JsonIgnore]
    public string Preview => MessagePreview.Of(
        Direction, IsDeleted, Text, Postback?.Title, [.. Attachments.Select(attachment => (attachment.Type, attachment.Title))]);
}

/// <param name="Text">A preview of the message that it replies to; null when that message is not stored.</param>
public sealed record ReplyToModel(long? MessageId, string ExternalId, string? Text = null);

/// <param name="Url">Meta's address, which stops working when the story expires; null when Meta gave none.</param>
public sealed record StoryModel(string? Id, string? Url);

/// <param name="Url">Our address, once the file is stored; null until then, and for a link.</param>
/// <param name="SourceUrl">Meta's address, which expires.</param>
/// <param name="Details">The content of cards, places and bookings; null for all others.</param>
/// <param name="Problem">Why the file is not stored, for the back office.</param>
public sealed record AttachmentModel(
    long Id, string Type, string? ContentType, long? Size, string? FileName, AttachmentState State, string? Url, string? SourceUrl,
    string? Title, AttachmentDetailsModel? Details, [property: JsonIgnore] string? Problem = null);

/// <param name="Actor">contact or business.</param>
public sealed record ReactionModel(string Actor, string Emoji);

public sealed record PostbackModel(string? Title, string? Payload);

/// <param name="Actor">Who can do something about the error.</param>
/// <param name="Class">The kind of refusal, for the back office; null for messages that failed before it was stored.</param>
public sealed record MessageErrorModel(
    int? Code, int? Subcode, string? FbtraceId, string Title, string? Detail, RefusalActor Actor, bool Retryable,
    [property: JsonIgnore] RefusalClass? Class);

public sealed record SenderModel(long? Id, string Name);

internal sealed class MessageModelMapping : IRegister
{
    public void Register(TypeAdapterConfig config)
    {
        config.NewConfig<Message, MessageModel>()
            .Map(
                model => model.ReplyToStory,
                m => m.ReplyToStoryId == null && m.ReplyToStoryUrl == null ? null : new StoryModel(m.ReplyToStoryId, m.ReplyToStoryUrl))
            .Map(
                model => model.ReplyTo,
                m => m.ReplyToExternalId == null ? null : new ReplyToModel(m.ReplyToMessageId, m.ReplyToExternalId, null))
            .Map(
                model => model.Postback,
                m => m.Kind == MessageKind.Postback && !m.IsDeleted ? new PostbackModel(m.PostbackTitle, m.PostbackPayload) : null)
            .Map(model => model.IsUnsupported, m => m.Kind == MessageKind.Unsupported && !m.IsDeleted)
            .Map(model => model.Sender, m => m.SenderName == null ? null : new SenderModel(m.SenderId, m.SenderName))
            .Map(model => model.Reactions, m => ReactionsOf(m))
            .Map(model => model.Referral, m => ReferralModel.Parse(m.Referral))
            .Map(model => model.Attachments, m => AttachmentsOf(m));
        config.NewConfig<MessageAttachment, AttachmentModel>()
            .Map(model => model.Details, a => AttachmentDetailsModel.Parse(a.Details))
            .Map(model => model.Url, a => a.StorageKey == null ? null : $"/api/attachments/{a.Id}/content");
    }

    private static List<ReactionModel> ReactionsOf(Message message) => message.IsDeleted
        ? []
        : [.. message.Reactions
            .Where(r => r.Emoji != null)
            .OrderBy(r => r.Actor)
            .Select(r => new ReactionModel(r.Actor is ReactionActor.Contact ? "contact" : "business", r.Emoji!))];

    /// <summary>An unsent message keeps the rows of its attachments only until their files are deleted.</summary>
    private static List<AttachmentModel> AttachmentsOf(Message message) =>
        message.IsDeleted ? [] : message.Attachments.Adapt<List<AttachmentModel>>();
}
