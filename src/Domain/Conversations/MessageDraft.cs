namespace MetaMessaging.Domain.Conversations;

/// <summary>What somebody wants to send, before anything has been checked.</summary>
/// <param name="AsHumanAgent">Written by a person, so that it may be sent with a tag after the 24 hours.</param>
/// <param name="Attachments">Uploaded files, in the order in which they are sent.</param>
public sealed record MessageDraft(
    string? Text, IReadOnlyList<QuickReply>? QuickReplies = null, Message? ReplyTo = null, bool AsHumanAgent = false,
    IReadOnlyList<MessageAttachment>? Attachments = null, MessageTemplate? Template = null);

/// <summary>Cards or buttons that Meta lays out (platform reference, Send API → Quick replies, templates, sender actions).</summary>
/// <param name="Title">Its text in previews.</param>
/// <param name="Payload">JSON as Meta documents it.</param>
public sealed record MessageTemplate(string Title, string Payload, IReadOnlySet<string> ButtonTypes)
{
    /// <summary>As many as Meta takes (platform reference, Send API → Quick replies, templates, sender actions).</summary>
    public const int MaxCards = 10;

    /// <returns>The titles of the first cards in one line; null when none has one.</returns>
    public static string? TitleOf(IEnumerable<string?> cardTitles)
    {
        var titles = cardTitles.Take(MaxCards).Select(PlainName.Clean).OfType<string>().ToList();
        return titles.Count == 0 ? null : string.Join(" · ", titles);
    }
}

/// <summary>A button below a message. All of them disappear when the customer taps one.</summary>
public sealed record QuickReply(string Title, string Payload)
{
    public const int MaxCount = 13;
    public const int MaxTitleLength = 20;
    public const int MaxPayloadLength = 1000;
}

/// <summary>Meta has refused all other tags since April 2026 (platform reference, Send API → Windows and tags).</summary>
public enum MessageTag { HumanAgent }
