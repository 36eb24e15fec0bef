using System.Text;
using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Graph;
using MetaMessaging.MetaSimulator.Media;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Sending;

/// <summary>
/// The checked content of <c>message</c>: text or attachments, quick replies, metadata (platform reference, Send API → Request; Send API →
/// Attachments; Send API → Quick replies, templates, sender actions).
/// </summary>
internal sealed record MessageParts(
    string? Text,
    IReadOnlyList<MessageAttachment> Attachments,
    IReadOnlyList<QuickReply> QuickReplies,
    string? Metadata,
    string? AttachmentId)
{
    private const int MessengerCharacters = 2000;
    private const int InstagramBytes = 1000;
    private const int MetadataCharacters = 1000;
    private const int InstagramImages = 10;

    public static async Task<MessageParts> ReadAsync(GraphCall call, Page page, Channel channel, JsonObject message)
    {
        var text = GraphCall.AsText(message["text"]);
        var metadata = GraphCall.AsText(message["metadata"]);
        var single = message["attachment"] as JsonObject;
        var several = message["attachments"] as JsonArray;
        var sticker = GraphCall.AsText(message["sticker_id"]);

        if (text is not null && (single is not null || several is not null))
            throw GraphErrors.InvalidParameter("Only one of the text, attachment, and dynamic_text fields can be specified");
        if (metadata?.Length > MetadataCharacters) throw GraphErrors.TooLong("message[metadata]", MetadataCharacters);
        if (text is not null) RequireLength(channel, text);

        string? attachmentId = null;
        IReadOnlyList<MessageAttachment> attachments = [];
        if (several is not null) attachments = await ReadImagesAsync(call, page, channel, several);
        else if (single is not null) (attachments, attachmentId) = await ReadOneAsync(call, page, channel, single);
        else if (sticker is not null) attachments = [Sticker(call, channel, sticker)];

        var quickReplies = ReadQuickReplies(channel, message["quick_replies"]);
        if (string.IsNullOrEmpty(text) && attachments is [])
            throw GraphErrors.InvalidParameter("Message cannot be empty, must provide valid attachment or text");
        return new MessageParts(text, attachments, quickReplies, metadata, attachmentId);
    }

    private static void RequireLength(Channel channel, string text)
    {
        if (channel is Channel.Messenger)
        {
            if (text.EnumerateRunes().Count() > MessengerCharacters) throw GraphErrors.TooLong("message[text]", MessengerCharacters);
        }
        else if (Encoding.UTF8.GetByteCount(text) > InstagramBytes)
        {
            throw GraphErrors.InvalidParameter("Message text must be UTF-8 and 1000 bytes or less");
        }
    }

    private static async Task<(IReadOnlyList<MessageAttachment> Attachments, string? AttachmentId)> ReadOneAsync(
        GraphCall call, Page page, Channel channel, JsonObject attachment)
    {
        var type = GraphCall.AsText(attachment["type"]) ?? throw GraphErrors.MissingParameter("message[attachment][type]");
        var payload = attachment["payload"] as JsonObject;

        if (type is "template") return ([Templates.Check(call, page, channel, payload)], null);
        if (type is "like_heart" && channel is Channel.Instagram) return ([new MessageAttachment("like_heart")], null);
        if (!AttachmentRules.MediaTypes.Contains(type))
        {
            throw GraphErrors.InvalidParameter(
                $"Param message[attachment][type] must be one of {{audio, file, image, template, video}} - got \"{type}\".");
        }

        var file = await GetFileAsync(call, page, channel, type, payload ?? []);
        var reusable = IsReusable(payload) || IsReusable(attachment);
        return ([new MessageAttachment(type, file.Id)], reusable ? call.Platform.Attachments.Keep(page.Id, channel, type, file) : null);
    }

    /// <summary>Reads several images in one message, which only Instagram allows.</summary>
    private static async Task<IReadOnlyList<MessageAttachment>> ReadImagesAsync(
        GraphCall call, Page page, Channel channel, JsonArray several)
    {
        if (channel is not Channel.Instagram)
            throw GraphErrors.InvalidParameter("Param message[attachments] is not supported on this platform");
        if (several.Count is 0 or > InstagramImages)
            throw GraphErrors.InvalidParameter($"Param message[attachments] must have between 1 and {InstagramImages} elements");

        var attachments = new List<MessageAttachment>();
        foreach (var element in several)
        {
            if (GraphCall.AsText(element?["type"]) is not "image")
                throw GraphErrors.InvalidParameter("Param message[attachments] may contain images only");
            var file = await GetFileAsync(call, page, channel, "image", element?["payload"] as JsonObject ?? []);
            attachments.Add(new MessageAttachment("image", file.Id));
        }

        return attachments;
    }

    public static async Task<MediaFile> GetFileAsync(GraphCall call, Page page, Channel channel, string type, JsonObject payload)
    {
        var store = call.Platform.Attachments;
        if (call.File is { } upload) return await store.TakeUploadAsync(channel, type, upload);
        if (GraphCall.AsText(payload["attachment_id"]) is { } id) return store.FindReusable(id, page.Id, channel, type);
        if (GraphCall.AsText(payload["url"]) is { Length: > 0 } url) return await store.FetchAsync(channel, type, url);
        throw GraphErrors.MissingParameter("message[attachment][payload][url]");
    }

    /// <summary>Meta's documentation has it as a boolean and as a string, and once beside the payload instead of in it.</summary>
    private static bool IsReusable(JsonObject? json) => GraphCall.AsText(json?["is_reusable"]) is "true" or "1";

    private static MessageAttachment Sticker(GraphCall call, Channel channel, string sticker)
    {
        if (channel is not Channel.Messenger || !long.TryParse(sticker, out var number))
            throw GraphErrors.InvalidParameter("Param message[sticker_id] must be a valid sticker");
        return new MessageAttachment(
            "sticker", Samples.Media(call.Platform, "thumbs-up.png").Id, new JsonObject { ["sticker_id"] = number });
    }

    private static IReadOnlyList<QuickReply> ReadQuickReplies(Channel channel, JsonNode? json)
    {
        if (json is not JsonArray array) return [];
        if (array.Count > 13)
            throw GraphErrors.InvalidParameter("Param message[quick_replies] has too many elements: at most 13 are allowed");

        return [.. array.Select((element, index) => ReadQuickReply(channel, element as JsonObject ?? [], index))];
    }

    private static QuickReply ReadQuickReply(Channel channel, JsonObject reply, int index)
    {
        var name = $"message[quick_replies][{index}]";
        var contentType = GraphCall.AsText(reply["content_type"]) ?? throw GraphErrors.MissingParameter($"{name}[content_type]");
        var title = GraphCall.AsText(reply["title"]);
        var payload = GraphCall.AsText(reply["payload"]);

        if (contentType is "user_phone_number" || (contentType is "user_email" && channel is Channel.Messenger))
            return new QuickReply(contentType, null, null, null);
        if (contentType is not "text")
            throw GraphErrors.InvalidParameter(
                $"Param {name}[content_type] must be one of {{text, user_phone_number, user_email}} - got \"{contentType}\".");
        if (string.IsNullOrEmpty(title)) throw GraphErrors.MissingParameter($"{name}[title]");
        if (payload is null) throw GraphErrors.MissingParameter($"{name}[payload]");
        if (payload.Length > 1000) throw GraphErrors.TooLong($"{name}[payload]", 1000);

        // Messenger refuses a long title, Instagram cuts it off and shows no pictures.
        if (channel is Channel.Instagram) return new QuickReply(contentType, title.Length > 20 ? title[..20] : title, payload, null);
        if (title.Length > 20) throw GraphErrors.TooLong($"{name}[title]", 20);
        return new QuickReply(contentType, title, payload, GraphCall.AsText(reply["image_url"]));
    }
}
