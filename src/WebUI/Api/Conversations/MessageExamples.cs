using MetaMessaging.Application.Conversations;

namespace MetaMessaging.WebUI.Api.Conversations;

internal static class MessageExamples
{
    public static ReferralModel Referral => new(
        "autumn", "ADS", "OPEN_THREAD", "6045246247433", "Autumn", "https://scontent.xx.fbcdn.net/v/ad.jpg", AdVideoUrl: null,
        PostId: null, ProductId: null, FlowId: null, RefererUri: null, Lead: []);

    public static MessageModel Received => new(
        76, 12, Channel.FacebookMessenger, MessageDirection.Inbound, MessageStatus.Received, MessageOrigin.Contact, ExampleValues.Mid,
        "Do you have the blue cup?", ReplyTo: null, ReplyToStory: null,
        [
            new AttachmentModel(
                3, "image", "image/jpeg", 48_213, "cup.jpg", AttachmentState.Available, "/api/attachments/3/content",
                "https://scontent.xx.fbcdn.net/v/cup.jpg", Title: null, Details: null),
        ],
        [new ReactionModel("business", "❤️")], QuickReplyPayload: null, QuickReplies: null, Postback: null, Referral,
        IsUnsupported: false, IsDeleted: false, EditedAt: null, OccurredAt: ExampleValues.At, SentAt: ExampleValues.At,
        DeliveredAt: null, ReadAt: null, NextAttemptAt: null, Error: null, Sender: null);

    public static MessageModel Downloading => Received with
    {
        Attachments =
        [
            Received.Attachments[0] with { State = AttachmentState.Pending, ContentType = null, Size = null, FileName = null, Url = null },
        ],
    };

    public static MessageModel Queued => new(
        77, 12, Channel.FacebookMessenger, MessageDirection.Outbound, MessageStatus.Queued, MessageOrigin.Api, ExternalId: null,
        "Yes, in three sizes.",
        new ReplyToModel(76, ExampleValues.Mid, "Do you have the blue cup?"),
        ReplyToStory: null, Attachments: [], Reactions: [], QuickReplyPayload: null,
        [new QuickReply("Small", "SIZE_S"), new QuickReply("Large", "SIZE_L")],
        Postback: null, Referral: null, IsUnsupported: false, IsDeleted: false, EditedAt: null,
        OccurredAt: ExampleValues.At.AddMinutes(2), SentAt: null, DeliveredAt: null, ReadAt: null, NextAttemptAt: null, Error: null,
        new SenderModel(4, "Order system"));

    public static MessageModel Failed => Queued with
    {
        Status = MessageStatus.Failed,
        Error = new MessageErrorModel(
            551, 1545041, "AjdF8Lxn2x", "This person cannot be reached at the moment.", "(#551) This person isn't available right now.",
            RefusalActor.Agent, Retryable: false, RefusalClass.Recipient),
    };
}
