using static MetaMessaging.Infrastructure.Graph.GraphAnswers;

namespace MetaMessaging.Infrastructure.Graph;

internal sealed class GraphMessages(IGraphApi api, GraphUsage usage, GraphBudget budget) : IMetaMessages
{
    /// <summary>When a call that finds no free permit should be tried again.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(10);

    private const string MessageFields = "id,created_time,from,to,message,attachments,shares{link,name},story,is_unsupported";
    private const string RecentMessagesFields = "messages.limit(20){id,created_time,from,message,attachments}";

    public async Task<string> UploadAsync(Recipient recipient, OutgoingFile file, CancellationToken cancellationToken)
    {
        using var form = UploadForm.Of(recipient, file);
        var answer = await api.UploadAsync(recipient.PageId, form, recipient.PageAccessToken, cancellationToken);
        return answer.AttachmentId is { Length: > 0 } id ? id : throw Incomplete("attachment_id");
    }

    public async Task<string> SendAsync(Recipient recipient, OutgoingMessage message, CancellationToken cancellationToken)
    {
        var node = new OutgoingNode(
            message.Text, recipient.Channel is Channel.FacebookMessenger ? message.Metadata : null,
            message.QuickReplies?.Select(r => new QuickReplyNode("text", r.Title, r.Payload)),
            message.Attachment is { } attachment ? new OutgoingAttachmentNode(attachment.Type, PayloadOf(attachment)) : null);
        var request = new SendRequest(new RecipientNode(recipient.ScopedUserId), message.Tag is null ? "RESPONSE" : "MESSAGE_TAG", node)
        {
            Tag = message.Tag is MessageTag.HumanAgent ? "HUMAN_AGENT" : null,
            ReplyTo = message.ReplyTo is { } mid ? new ReplyToNode(mid) : null,
        };
        var answer = await api.SendAsync(recipient.PageId, request, recipient.PageAccessToken, cancellationToken);
        return answer.MessageId is { Length: > 0 } messageId ? messageId : throw Incomplete("message_id", GraphCall.Send);
    }

    public Task MarkSeenAsync(Recipient recipient, CancellationToken cancellationToken) =>
        ActAsync(recipient, "mark_seen", cancellationToken);

    public Task SetTypingAsync(Recipient recipient, bool on, CancellationToken cancellationToken) =>
        ActAsync(recipient, on ? "typing_on" : "typing_off", cancellationToken);

    public Task ReactAsync(Recipient recipient, string externalId, string? emoji, CancellationToken cancellationToken)
    {
        // Instagram takes the heart by the name "love" only.
        var reaction = recipient.Channel is Channel.InstagramDm && emoji is ("\u2764" or "\u2764\uFE0F") ? "love" : emoji;
        return ActAsync(recipient, emoji is null ? "unreact" : "react", cancellationToken, new ReactionNode(externalId, reaction));
    }

    public async Task<IReadOnlyList<RemoteMessage>> ListRecentMessagesAsync(Recipient recipient, CancellationToken cancellationToken)
    {
        var platform = recipient.Channel is Channel.FacebookMessenger ? "messenger" : "instagram";
        await AcquireReadAsync(recipient.AccountId, cancellationToken);
        var threads = await api.FindThreadsAsync(
            recipient.PageId, platform, recipient.ScopedUserId, recipient.PageAccessToken, cancellationToken);
        var newest = threads.Items
            .Where(t => t.Id is { Length: > 0 })
            .MaxBy(t => Time(t.UpdatedTime) ?? DateTimeOffset.MinValue);
        if (newest is null) return [];

        await AcquireReadAsync(recipient.AccountId, cancellationToken);
        var thread = await api.GetThreadAsync(newest.Id!, RecentMessagesFields, recipient.PageAccessToken, cancellationToken);
        return [.. (thread.Messages?.Items ?? []).Select(ToRemoteMessage).OfType<RemoteMessage>().OrderByDescending(m => m.CreatedAt)];
    }

    public async Task<FoundMessage> GetMessageAsync(
        string pageId, string pageAccessToken, string externalId, CancellationToken cancellationToken)
    {
        usage.EnsureNotNearLimit(pageId);
        await AcquireReadAsync(pageId, cancellationToken);
        var message = await api.GetMessageAsync(externalId, MessageFields, pageAccessToken, cancellationToken);
        return new FoundMessage(
            message.From?.Id, message.To?.Items.FirstOrDefault(p => p.Id is { Length: > 0 })?.Id,
            message.Message is { Length: > 0 } text ? text : null, Time(message.CreatedTime), [.. AttachmentsOf(message)],
            message.Story?.ReplyTo is { } answered ? new FoundStory(answered.Id, answered.Link) : null, message.IsUnsupported is true);
    }

    /// <summary>Typing and seen count against the hourly limit, so near it they are left out; a reaction is content and is not.</summary>
    private Task<SendAnswer> ActAsync(
        Recipient recipient, string action, CancellationToken cancellationToken, ReactionNode? reaction = null)
    {
        if (reaction is null) usage.EnsureNotNearLimit(recipient.AccountId, recipient.PageId);
        if (!budget.TryTake(new GraphBudget.RateLimit(recipient.AccountId, CallKind.Message)))
            throw new GraphException(GraphErrors.NearLimit(RetryDelay));

        var request = new SendRequest(new RecipientNode(recipient.ScopedUserId)) { SenderAction = action, Payload = reaction };
        return api.SendAsync(recipient.PageId, request, recipient.PageAccessToken, cancellationToken);
    }

    /// <summary>Meta allows two reads a second. When eight calls wait already, the read is refused.</summary>
    private async Task AcquireReadAsync(string accountId, CancellationToken cancellationToken)
    {
        if (!await budget.WaitAsync(new GraphBudget.RateLimit(accountId, CallKind.Conversations), cancellationToken))
            throw new GraphException(GraphErrors.NearLimit(RetryDelay * (1 + Random.Shared.NextDouble())));
    }

    private static JsonElement PayloadOf(OutgoingAttachment attachment) => attachment.Template is { } template
        ? JsonElement.Parse(template)
        : JsonSerializer.SerializeToElement(new AttachmentPayload(attachment.RemoteId), GraphJson.Default.AttachmentPayload);

    private static RemoteMessage? ToRemoteMessage(MessageNode message)
    {
        if (message.Id is not { Length: > 0 } id || Time(message.CreatedTime) is not { } createdAt) return null;

        var kinds = (message.Attachments?.Items ?? []).Select(a => ToAttachment(a)?.Type ?? "unknown");
        return new RemoteMessage(id, message.From?.Id ?? "", message.Message, createdAt, [.. kinds]);
    }

    private static IEnumerable<AttachmentContent> AttachmentsOf(MessageNode message)
    {
        foreach (var attachment in (message.Attachments?.Items ?? []).Select(ToAttachment).OfType<AttachmentContent>())
            yield return attachment;
        foreach (var share in (message.Shares?.Items ?? []).Where(s => s.Link is { Length: > 0 }))
            yield return new AttachmentContent("share", share.Link!, share.Name);
        if (message.Story?.Mention is { Link.Length: > 0 } mention)
            yield return new AttachmentContent("story_mention", mention.Link);
    }

    /// <summary>From the Conversations API's attachment types to those of webhooks.</summary>
    private static AttachmentContent? ToAttachment(AttachmentNode attachment) => attachment switch
    {
        { ImageData: { Url.Length: > 0 } image } => new AttachmentContent(image.RenderAsSticker is true ? "sticker" : "image", image.Url),
        { VideoData.Url.Length: > 0, MimeType: { } mime } when IsAudio(mime) => new AttachmentContent("audio", attachment.VideoData.Url),
        { VideoData.Url.Length: > 0 } => new AttachmentContent("video", attachment.VideoData.Url),
        { FileUrl.Length: > 0, MimeType: { } mime } when IsAudio(mime) => new AttachmentContent("audio", attachment.FileUrl),
        { FileUrl.Length: > 0 } => new AttachmentContent("file", attachment.FileUrl),
        _ => null,
    };

    private static bool IsAudio(string mime) => mime.StartsWith("audio/", StringComparison.OrdinalIgnoreCase);
}
