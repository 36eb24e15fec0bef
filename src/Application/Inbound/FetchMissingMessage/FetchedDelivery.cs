using System.Text.Json.Nodes;

namespace MetaMessaging.Application.Inbound;

/// <summary>Writes a message that was read from Meta in the form of its webhook (platform reference, Webhooks → Envelope).</summary>
internal static class FetchedDelivery
{
    /// <summary>Shows in the delivery's details that we asked Meta for the event, and that its author is certain.</summary>
    public const string Mark = "fetched";

    public static byte[] Create(PageConnection connection, ParkedEvent parked, FoundMessage found, DateTimeOffset now)
    {
        var account = connection.AccountId(parked.Channel);
        var isOurs = found.FromId == account || found.FromId == connection.PageId
            || (found.FromId is null && parked.Kind == nameof(InboundEventKind.Echo));
        var customer = isOurs ? found.ToId : found.FromId;

        var message = new JsonObject { ["mid"] = parked.Mid };
        if (isOurs) message["is_echo"] = true;
        if (found.Text is not null) message["text"] = found.Text;
        if (found.IsUnsupported) message["is_unsupported"] = true;
        if (found.AnsweredStory is { } story)
            message["reply_to"] = new JsonObject { ["story"] = new JsonObject { ["id"] = story.Id, ["url"] = story.Url } };
        if (found.Attachments.Count > 0)
            message["attachments"] = new JsonArray([.. found.Attachments.Select(Attachment)]);

        var item = new JsonObject
        {
            ["sender"] = Party(isOurs ? account : customer ?? parked.CustomerId),
            ["recipient"] = Party(isOurs ? customer ?? parked.CustomerId : account),
            ["timestamp"] = (found.CreatedAt ?? parked.At).ToUnixTimeMilliseconds(),
            ["message"] = message,
        };
        return Wrap(connection, parked.Channel, item, now);
    }

    /// <summary>The event as it was parked, where Meta has no answer.</summary>
    public static byte[] Repeat(PageConnection connection, ParkedEvent parked, DateTimeOffset now) =>
        Wrap(connection, parked.Channel, JsonNode.Parse(parked.Body)!.AsObject(), now);

    private static byte[] Wrap(PageConnection connection, Channel channel, JsonObject item, DateTimeOffset now)
    {
        item[Mark] = true;
        var entry = new JsonObject
        {
            ["id"] = connection.AccountId(channel), ["time"] = now.ToUnixTimeMilliseconds(), ["messaging"] = new JsonArray(item),
        };
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["object"] = channel is Channel.FacebookMessenger ? "page" : "instagram",
            ["entry"] = new JsonArray(entry),
        });
    }

    private static JsonObject Party(string? id) => new() { ["id"] = id };

    private static JsonObject Attachment(AttachmentContent attachment) =>
        new() { ["type"] = attachment.Type, ["payload"] = new JsonObject { ["url"] = attachment.Url, ["title"] = attachment.Title } };
}
