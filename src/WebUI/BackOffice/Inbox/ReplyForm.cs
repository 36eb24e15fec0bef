using MetaMessaging.Application.Outbound;
using MetaMessaging.Domain.Conversations;

namespace MetaMessaging.WebUI.BackOffice;

public sealed class ReplyForm
{
    public string? Text { get; set; }

    public List<QuickReplyFields> QuickReplies { get; set; } = [];

    /// <summary>Uploaded before, each as soon as it was chosen.</summary>
    public List<long> AttachmentIds { get; set; } = [];

    public long? ReplyToMessageId { get; set; }

    /// <summary>The page's own name for this reply: sent again because the answer got lost, it is one message still.</summary>
    public string? SendKey { get; set; }

    /// <summary>Here a person writes; the tag is used when the 24 hours are over, and the page says so.</summary>
    internal SendMessage ToRequest(long conversationId) => new(
        conversationId,
        Text,
        QuickReplies: QuickReplies.Count == 0 ? null : [.. QuickReplies.Select(reply => reply.ToQuickReply())],
        ReplyToMessageId: ReplyToMessageId,
        Tag: MessageTag.HumanAgent,
        AttachmentIds: AttachmentIds.Count == 0 ? null : AttachmentIds)
    {
        IdempotencyKey = string.IsNullOrEmpty(SendKey) ? null : SendKey,
    };
}

public sealed class QuickReplyFields
{
    public string? Title { get; set; }

    public string? Payload { get; set; }

    /// <summary>Without a payload of its own, the title comes back as one.</summary>
    internal QuickReply ToQuickReply()
    {
        var title = Title?.Trim() ?? "";
        return new QuickReply(title, string.IsNullOrWhiteSpace(Payload) ? title : Payload.Trim());
    }
}
