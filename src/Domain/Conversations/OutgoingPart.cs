namespace MetaMessaging.Domain.Conversations;

/// <summary>What becomes one message of a send: a text, a file or a template, because Meta takes only one of them in a message.</summary>
internal sealed record OutgoingPart(string SendId, int Number, string? Text, MessageAttachment? File, MessageTemplate? Template)
{
    public Message? ReplyTo { get; private init; }

    public IReadOnlyList<QuickReply>? QuickReplies { get; private init; }

    /// <summary>
    /// The text first, then each file, then the template. The first part is the reply. Quick replies go with the text, or else with the
    /// last part (platform reference, Send API → Quick replies, templates, sender actions).
    /// </summary>
    public static IReadOnlyList<OutgoingPart> Split(MessageDraft draft)
    {
        var sendId = Guid.NewGuid().ToString("N");
        var parts = new List<OutgoingPart>();
        if (!VisibleText.IsBlank(draft.Text)) parts.Add(new OutgoingPart(sendId, parts.Count, draft.Text, null, null));
        foreach (var file in draft.Attachments ?? []) parts.Add(new OutgoingPart(sendId, parts.Count, null, file, null));
        if (draft.Template is { } template) parts.Add(new OutgoingPart(sendId, parts.Count, null, null, template));

        parts[0] = parts[0] with { ReplyTo = draft.ReplyTo };
        var withQuickReplies = parts[0].Text is null ? parts.Count - 1 : 0;
        if (draft.QuickReplies is { Count: > 0 } replies) parts[withQuickReplies] = parts[withQuickReplies] with { QuickReplies = replies };
        return parts;
    }
}
