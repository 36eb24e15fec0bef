using MetaMessaging.Application.Outbound;

namespace MetaMessaging.WebUI.BackOffice;

public sealed class ReplyForm
{
    public string? Text { get; set; }

    public List<QuickReplyFields> QuickReplies { get; set; } = [];

    /// <summary>Files are uploaded when they are chosen, so the form sends only their ids.</summary>
    public List<long> AttachmentIds { get; set; } = [];

    public long? ReplyToMessageId { get; set; }

    /// <summary>The idempotency key that a script makes, so that a retry after a lost answer sends no second message.</summary>
    public string? SendKey { get; set; }

    // A person writes here, so the tag is allowed; it counts after the 24 hours (platform reference, Send API → Windows and tags).
    internal SendMessage ToRequest(long conversationId) => new(
        conversationId, Text,
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

    /// <summary>The title is the payload when the agent gave none.</summary>
    internal QuickReply ToQuickReply()
    {
        var title = Title?.Trim() ?? "";
        return new QuickReply(title, string.IsNullOrWhiteSpace(Payload) ? title : Payload.Trim());
    }
}
