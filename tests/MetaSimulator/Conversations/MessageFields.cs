using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Graph;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Conversations;

/// <summary>The fields of a message node; fields without a value are left out.</summary>
internal static class MessageFields
{
    public static JsonNode? Read(Platform platform, Customer customer, Message message, SelectedField field) => field.Name switch
    {
        "id" => message.Mid,
        "created_time" => Times.Iso(message.At),
        "from" => message.FromCustomer ? Participants.Customer(customer) : Participants.Business(platform, customer),
        "to" =>
            new JsonObject
            {
                ["data"] = new JsonArray(
                    message.FromCustomer ? Participants.Business(platform, customer) : Participants.Customer(customer)),
            },
        "message" => message.Text ?? "",
        "attachments" => Attachments(platform, message),
        "shares" => Shares(platform, message),
        "story" => Story(platform, message),
        "reactions" => Reactions(platform, customer, message),
        "is_unsupported" => message.IsUnsupported ? true : null,
        "reply_to" => message.ReplyToMid is { } mid ? new JsonObject { ["mid"] = mid } : null,
        "sticker" =>
            message.Attachments.FirstOrDefault(attachment => attachment.Type is "sticker")?.MediaId is { } sticker
                ? platform.Media.Address(sticker)
                : null,
        "tags" => new JsonObject
        {
            ["data"] = new JsonArray(
                new JsonObject { ["name"] = "inbox" },
                new JsonObject { ["name"] = message.FromCustomer ? "read" : "sent" },
                new JsonObject { ["name"] = "source:chat" }),
        },
        _ => throw GraphErrors.NoSuchField(field.Name, "UnifiedMessage"),
    };

    private static JsonObject? Attachments(Platform platform, Message message)
    {
        var rows = new JsonArray();
        foreach (var attachment in message.Attachments)
        {
            if (attachment.MediaId is not { } mediaId || platform.Media.Find(mediaId) is not { } file || attachment.Type is "story_mention")
                continue;

            var address = platform.Media.Address(mediaId);
            var row = new JsonObject
            {
                ["id"] = mediaId, ["mime_type"] = file.ContentType, ["name"] = file.FileName, ["size"] = file.Content.Length,
            };
            switch (attachment.Type)
            {
                case "image" or "sticker":
                    row["image_data"] = new JsonObject
                    {
                        ["width"] = 960, ["height"] = 960, ["max_width"] = 960, ["max_height"] = 960, ["url"] = address,
                        ["preview_url"] = address,
                        ["image_type"] = 1, ["render_as_sticker"] = attachment.Type is "sticker",
                    };
                    break;
                case "video":
                    row["video_data"] = new JsonObject
                    {
                        ["width"] = 640, ["height"] = 360, ["length"] = 2, ["video_type"] = 1, ["url"] = address,
                        ["preview_url"] = address,
                    };
                    break;
                default:
                    row["file_url"] = address;
                    break;
            }

            rows.Add(row);
        }

        return rows.Count is 0 ? null : new JsonObject { ["data"] = rows };
    }

    private static JsonObject? Shares(Platform platform, Message message)
    {
        var shares = message.Attachments
            .Where(attachment => attachment.Type is "share" or "ig_post" or "ig_reel" or "reel" or "post" or "fallback")
            .Select(attachment => (JsonNode)new JsonObject
            {
                ["link"] = attachment.MediaId is { } id
                    ? platform.Media.Address(id)
                    : GraphCall.AsText(attachment.Payload?["url"]) ?? attachment.Url ?? "",
                ["name"] = GraphCall.AsText(attachment.Payload?["title"]) ?? attachment.Title ?? "",
            }).ToArray();
        return shares is [] ? null : new JsonObject { ["data"] = new JsonArray(shares) };
    }

    private static JsonObject? Story(Platform platform, Message message)
    {
        var mention = message.Attachments.FirstOrDefault(attachment => attachment.Type is "story_mention");
        if (mention?.MediaId is { } mediaId)
            return new JsonObject { ["mention"] = new JsonObject { ["link"] = platform.Media.Address(mediaId), ["id"] = mediaId } };
        if (message.Story is not { } story) return null;

        var reference = new JsonObject { ["id"] = story.Id };
        if (story.Url is not null) reference["link"] = story.Url;
        return new JsonObject { ["reply_to"] = reference };
    }

    private static JsonObject? Reactions(Platform platform, Customer customer, Message message)
    {
        var rows = new JsonArray();
        if (message.CustomerReaction is { } customerReaction)
            rows.Add(new JsonObject { ["reaction"] = customerReaction, ["users"] = new JsonArray(Participants.Customer(customer)) });
        if (message.BusinessReaction is { } businessReaction)
            rows.Add(new JsonObject
            {
                ["reaction"] = businessReaction, ["users"] = new JsonArray(Participants.Business(platform, customer)),
            });
        return rows.Count is 0 ? null : new JsonObject { ["data"] = rows };
    }
}
