namespace MetaMessaging.Domain.Conversations;

/// <summary>What somebody wants to send, before anything has been checked.</summary>
/// <param name="AsHumanAgent">Written by a person who asks for the tag that Meta takes after the 24 hours (platform reference, Send API → Windows and tags).</param>
/// <param name="Attachments">Uploaded files, in the order in which they are to arrive.</param>
public sealed record MessageDraft(
    string? Text, IReadOnlyList<QuickReply>? QuickReplies = null, Message? ReplyTo = null, bool AsHumanAgent = false,
    IReadOnlyList<MessageAttachment>? Attachments = null, MessageTemplate? Template = null);

/// <summary>Cards or buttons that Meta lays out (platform reference, Send API → Quick replies, templates, sender actions).</summary>
/// <param name="Title">What stands for it in a list.</param>
/// <param name="Payload">JSON as Meta takes it.</param>
/// <param name="ButtonTypes">Meta's words for the kinds of buttons on it.</param>
public sealed record MessageTemplate(string Title, string Payload, IReadOnlySet<string> ButtonTypes);

/// <summary>A button below a message; it disappears once one is tapped (platform reference, Send API → Quick replies, templates, sender actions).</summary>
public sealed record QuickReply(string Title, string Payload)
{
    public const int MaxCount = 13;
    public const int MaxTitleLength = 20;
    public const int MaxPayloadLength = 1000;
}

/// <summary>Why Meta may accept a message after the 24 hours. The other tags are refused since April 2026 (platform reference, Send API → Windows and tags).</summary>
public enum MessageTag
{
    HumanAgent,
}
