using System.Globalization;
using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Media;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Control;

/// <summary>
/// Turns "an image" or "a shared reel" into what a webhook carries for it on that channel (platform reference, Webhooks → Inbound
/// messages).
/// </summary>
internal static class AttachmentBuilder
{
    private const long ThumbsUp = 369239263222822;

    public static IEnumerable<MessageAttachment> Build(Platform platform, Customer customer, AttachmentRequest request)
    {
        var built = One(platform, customer, request);
        var merged = built with { Payload = Merge(built.Payload, request.Payload) };
        if (request.LegacyTwin is true && request.Type is "sticker") return [merged, merged with { Type = "image" }];
        if (request.LegacyTwin is true && request.Type is "ig_post") return [merged with { Type = "share" }, merged];
        return [merged];
    }

    private static MessageAttachment One(Platform platform, Customer customer, AttachmentRequest request) => request.Type switch
    {
        "ephemeral" => new MessageAttachment("ephemeral"),
        "template" => new MessageAttachment("template", Payload: Card(platform, customer)),
        "location" => Location(request),
        "fallback" => new MessageAttachment("fallback", Payload: new JsonObject
        {
            ["url"] = Shim(request.Url ?? "https://example.com/article"),
            ["title"] = request.Title ?? "An article",
        }),
        "sticker" => Hosted(platform, customer, request, new JsonObject { ["sticker_id"] = ThumbsUp }),
        "ig_post" => Hosted(platform, customer, request, new JsonObject
        {
            ["ig_post_media_id"] = Ids.Digits("18", 17), ["title"] = request.Title ?? "A post",
        }),
        "ig_reel" or "reel" => Hosted(platform, customer, request, new JsonObject
        {
            ["reel_video_id"] = Ids.Digits("17", 17), ["title"] = request.Title ?? "A reel",
        }),
        "post" => Hosted(platform, customer, request, new JsonObject { ["title"] = request.Title ?? "A post" }),
        "ig_story" or "story" => Hosted(platform, customer, request, new JsonObject { ["story_media_id"] = Ids.Digits("17", 17) }),
        _ => Hosted(platform, customer, request, null),
    };

    /// <summary>A product that the customer shares from the shop; Messenger names the kind of template, Instagram does not.</summary>
    private static JsonObject Card(Platform platform, Customer customer)
    {
        var product = new JsonObject
        {
            ["product"] = new JsonObject
            {
                ["elements"] = new JsonArray(new JsonObject
                {
                    ["id"] = "5551234567890",
                    ["retailer_id"] = "blue-cup",
                    ["image_url"] = platform.Media.Address(Samples.Media(platform, "cup.jpg").Id),
                    ["title"] = "Blue cup",
                    ["subtitle"] = "110 kr",
                }),
            },
        };
        if (customer.Channel is Channel.Messenger) product["template_type"] = "product";
        return product;
    }

    private static MessageAttachment Hosted(Platform platform, Customer customer, AttachmentRequest request, JsonObject? payload)
    {
        if (request.Url is not null)
        {
            var withUrl = new JsonObject { ["url"] = request.Url };
            return new MessageAttachment(request.Type, Payload: Merge(withUrl, payload));
        }

        if (request.MediaId is { } mediaId)
        {
            if (platform.Media.Find(mediaId) is null) throw ControlException.NotFound($"media {mediaId}");
            return new MessageAttachment(request.Type, mediaId, payload);
        }

        var sample = request.Sample ?? Samples.DefaultFor(customer.Channel, request.Type);
        if (!Samples.Has(sample)) throw ControlException.NotFound($"sample {sample}");
        return new MessageAttachment(
            request.Type, Samples.Media(platform, sample, noStore: customer.Channel is Channel.Instagram).Id, payload);
    }

    private static MessageAttachment Location(AttachmentRequest request)
    {
        var (lat, lon) = (request.Lat ?? 59.9139, request.Long ?? 10.7522);
        var map = string.Create(CultureInfo.InvariantCulture, $"https://www.bing.com/maps/default.aspx?v=2&pc=FACEBK&where1={lat}%2C{lon}");
        return new MessageAttachment(
            "location", Payload: new JsonObject { ["coordinates"] = new JsonObject { ["lat"] = lat, ["long"] = lon } },
            Title: request.Title ?? "Pinned Location", Url: Shim(map));
    }

    /// <summary>Wraps a link in Facebook's redirector (platform reference, Downloads → Hosts).</summary>
    private static string Shim(string url) => $"https://l.facebook.com/l.php?u={Uri.EscapeDataString(url)}&h=AT0{Ids.Digits("", 12)}";

    private static JsonObject? Merge(JsonObject? first, JsonObject? second)
    {
        if (second is null) return first;
        var merged = first?.DeepClone().AsObject() ?? [];
        foreach (var (name, value) in second) merged[name] = value?.DeepClone();
        return merged;
    }
}
