using System.Runtime.InteropServices;

namespace MetaMessaging.Application.Inbound;

/// <summary>Reads ids and content from an event (platform reference, Webhooks → Inbound messages).</summary>
internal static class InboundContent
{
    public static IEnumerable<string> NamedMids(this InboundEvent inbound)
    {
        if (inbound.MessageKey() is { } mid) yield return mid;
        if (inbound.Content.Member("reply_to").Text("mid") is { } answeredMid) yield return answeredMid;
        if (inbound.Kind is InboundEventKind.Delivery)
        {
            foreach (var deliveredMid in inbound.DeliveredMids()) yield return deliveredMid;
        }
    }

    /// <summary>The mid or, for a postback without one, customer, time and payload (platform reference, Webhooks → Envelope).</summary>
    public static string? MessageKey(this InboundEvent inbound)
    {
        if (inbound.Mid is not null || inbound.Kind is not InboundEventKind.Postback) return inbound.Mid;
        var payload = SHA256.HashData(Encoding.UTF8.GetBytes(inbound.Content.Text("payload") ?? ""));
        return $"postback:{inbound.CustomerId}:{inbound.At.ToUnixTimeMilliseconds()}:{Convert.ToHexStringLower(payload.AsSpan(0, 8))}";
    }

    public static IEnumerable<string> DeliveredMids(this InboundEvent inbound) =>
        inbound.Content.Items("mids").Select(m => m.AsText()).OfType<string>();

    /// <summary>Identifies an event that has no id, by the hash of its body (platform reference, Webhooks → Envelope).</summary>
    public static string Fingerprint(this InboundEvent inbound) => Fingerprint(JsonMarshal.GetRawUtf8Value(inbound.Body));

    public static string Fingerprint(ReadOnlySpan<byte> json) => Convert.ToHexStringLower(SHA256.HashData(json));

    public static MessageContent ReadContent(this InboundEvent inbound)
    {
        var content = inbound.Content;
        return new MessageContent(
            content.Text("text"),
            ReadAttachments(content),
            content.Member("quick_reply").Text("payload"),
            content.Member("reply_to").Text("mid"),
            inbound.Kind is InboundEventKind.Postback ? content.Text("title") : null,
            inbound.Kind is InboundEventKind.Postback ? content.Text("payload") : null,
            IdOrNull(content.Member("reply_to").Member("story").Text("id")),
            content.Member("reply_to").Member("story").Text("url"),
            content.Raw("referral"));
    }

    /// <summary>While Meta renames a type, both are sent (platform reference, Webhooks → Inbound messages); the newer is kept.</summary>
    private static List<AttachmentContent> ReadAttachments(JsonElement message)
    {
        var all = message.Items("attachments").Select(ReadAttachment).ToList();
        var stickers = all.FindAll(a => a.Type == "sticker");
        if (stickers.Count > 0) all.RemoveAll(a => a.Type == "image" && stickers.Exists(s => IsSame(s, a)));
        if (all.Any(a => a.Type == "ig_post")) all.RemoveAll(a => a.Type == "share");

        // In their older form, stickers are images with a sticker id.
        return all.ConvertAll(a => a is { Type: "image", StickerId: not null } ? a with { Type = "sticker" } : a);
    }

    private static bool IsSame(AttachmentContent sticker, AttachmentContent image) =>
        (sticker.Url is not null && sticker.Url == image.Url) || (sticker.StickerId is not null && sticker.StickerId == image.StickerId);

    private static AttachmentContent ReadAttachment(JsonElement attachment)
    {
        var payload = attachment.Member("payload");
        var type = attachment.Text("type") ?? "unknown";
        var stickerId = payload.Text("sticker_id");
        return new AttachmentContent(
            type.Length > 64 ? type[..64] : type, payload.Text("url") ?? attachment.Text("url"),
            payload.Text("title") ?? attachment.Text("title"), stickerId, HasMoreThanLink(payload) ? payload.GetRawText() : null);
    }

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
