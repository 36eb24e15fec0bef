using System.Runtime.InteropServices;

namespace MetaMessaging.Application.Inbound;

/// <summary>Reads ids and content from an event (platform reference, Webhooks → Inbound messages).</summary>
internal static class InboundContent
{
    /// <summary>Small, medium and large.</summary>
    private static readonly HashSet<string> ThumbsUpStickers = ["369239263222822", "369239343222814", "369239383222810"];

    public static IEnumerable<string> NamedMids(this InboundEvent inbound)
    {
        if (inbound.Mid is { } mid) yield return mid;
        if (inbound.Content.Member("reply_to").Text("mid") is { } answeredMid) yield return answeredMid;
        if (inbound.Kind is InboundEventKind.Delivery)
        {
            foreach (var deliveredMid in inbound.DeliveredMids()) yield return deliveredMid;
        }
    }

    /// <summary>Its message may be known without the mid, or have come without one (platform reference, Webhooks → Hand-over and standby).
    /// </summary>
    public static bool CouldBeKnownWithoutMid(this InboundEvent inbound) => inbound.CustomerId is not null
        && (inbound.Kind is InboundEventKind.Postback
            || (inbound.Kind is InboundEventKind.Message
                && (inbound.Mid is null || inbound.IsStandby || inbound.Content.Has("quick_reply"))));

    public static IEnumerable<string> DeliveredMids(this InboundEvent inbound) =>
        inbound.Content.Items("mids").Select(m => m.AsText()).OfType<string>();

    /// <summary>Identifies an event that has no id, by the hash of its body (platform reference, Webhooks → Envelope).</summary>
    public static string Fingerprint(this InboundEvent inbound) => Fingerprint(JsonMarshal.GetRawUtf8Value(inbound.Body));

    public static string Fingerprint(ReadOnlySpan<byte> json) => Convert.ToHexStringLower(SHA256.HashData(json));

    public static MessageContent ReadContent(this InboundEvent inbound)
    {
        var content = inbound.Content;
        var isPostback = inbound.Kind is InboundEventKind.Postback;
        return new MessageContent(
            content.Text("text"),
            ReadAttachments(content),
            content.Member("quick_reply").Text("payload"),
            content.Member("reply_to").Text("mid"),
            isPostback ? PlainName.Clean(content.Text("title")) : null,
            isPostback ? content.Text("payload") : null,
            IdOrNull(content.Member("reply_to").Member("story").Text("id")),
            content.Member("reply_to").Member("story").Text("url"),
            content.Raw("referral") ?? inbound.Body.Raw("referral"),
            isPostback,
            content.IsTrue("is_unsupported"));
    }

    /// <summary>While Meta renames a type, both are sent (platform reference, Webhooks → Inbound messages); the newer is kept. The same
    /// file may also come twice.</summary>
    private static IReadOnlyList<AttachmentContent> ReadAttachments(JsonElement message)
    {
        var all = message.Items("attachments").Select(a => ReadAttachment(a, message.Text("sticker_id"))).ToList();
        var stickers = all.FindAll(a => a.Type == "sticker");
        if (stickers.Count > 0) all.RemoveAll(a => a.Type == "image" && stickers.Exists(s => IsSame(s, a)));
        if (all.Any(a => a.Type == "ig_post")) all.RemoveAll(a => a.Type == "share");

        // In their older form, stickers are images with a sticker id.
        var addresses = new HashSet<string>();
        return [.. all.Where(a => a.Url is null || addresses.Add(a.Url))
            .Select(a => a is { Type: "image", StickerId: not null } ? a with { Type = "sticker" } : a)];
    }

    private static bool IsSame(AttachmentContent sticker, AttachmentContent image) =>
        (sticker.Url is not null && sticker.Url == image.Url) || (sticker.StickerId is not null && sticker.StickerId == image.StickerId);

    /// <param name="messageStickerId">In old messages the sticker's id belongs to the message.</param>
    private static AttachmentContent ReadAttachment(JsonElement attachment, string? messageStickerId)
    {
        var payload = attachment.Member("payload");
        var type = attachment.Text("type") ?? "unknown";
        var stickerId = payload.Text("sticker_id") ?? (type is "image" or "sticker" ? messageStickerId : null);
        return new AttachmentContent(
            type.Length > 64 ? type[..64] : type,
            LinkShim.TargetOf(NullIfEmpty(payload.Text("url")) ?? NullIfEmpty(attachment.Text("url"))),
            TitleOf(attachment, type) ?? (stickerId is not null && ThumbsUpStickers.Contains(stickerId) ? Emoji.ThumbsUp : null),
            stickerId, HasMoreThanLink(payload) ? payload.GetRawText() : null);
    }

    /// <summary>The words of a template are its title, wherever Meta puts them.</summary>
    private static string? TitleOf(JsonElement attachment, string type)
    {
        var payload = attachment.Member("payload");
        var title = PlainName.Clean(payload.Text("title")) ?? PlainName.Clean(attachment.Text("title"));
        return title is null && type is "template"
            ? NullIfEmpty(payload.Text("text")) ?? MessageTemplate.TitleOf(payload.Cards().Select(card => card.Text("title")))
            : title;
    }

    private static string? NullIfEmpty(string? text) => text is { Length: > 0 } ? text : null;

    private static bool HasMoreThanLink(JsonElement payload)
    {
        if (payload.ValueKind is not JsonValueKind.Object) return false;
        foreach (var member in payload.EnumerateObject())
        {
            if (!member.NameEquals("url"u8) && !member.NameEquals("title"u8)) return true;
        }

        return false;
    }

    private static string? IdOrNull(string? id) => id?.Length > MetaId.MaxLength ? null : id;
}
