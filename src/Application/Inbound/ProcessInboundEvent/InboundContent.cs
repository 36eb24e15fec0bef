using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Conversations;

namespace MetaMessaging.Application.Inbound;

/// <summary>From Meta's shapes to ours: what a message, a postback or an echo says (platform reference, Webhooks → Inbound messages to 2.7).</summary>
internal static class InboundContent
{
    /// <summary>Every mid that processing the event may need to look up.</summary>
    public static IEnumerable<string> NamedMids(this InboundEvent inbound)
    {
        if (inbound.MessageKey() is { } mid) yield return mid;
        if (inbound.Content.Member("reply_to").Text("mid") is { } target) yield return target;
        if (inbound.Kind is InboundEventKind.Delivery)
        {
            foreach (var delivered in inbound.DeliveredMids()) yield return delivered;
        }
    }

    /// <summary>What tells a message apart: its mid. A postback may come without one; person, time and payload stand for it (platform reference, Webhooks → Envelope).</summary>
    public static string? MessageKey(this InboundEvent inbound)
    {
        if (inbound.Mid is not null || inbound.Kind is not InboundEventKind.Postback) return inbound.Mid;
        var payload = SHA256.HashData(Encoding.UTF8.GetBytes(inbound.Content.Text("payload") ?? ""));
        return $"postback:{inbound.CustomerId}:{inbound.At.ToUnixTimeMilliseconds()}:{Convert.ToHexStringLower(payload.AsSpan(0, 8))}";
    }

    public static IEnumerable<string> DeliveredMids(this InboundEvent inbound) =>
        inbound.Content.Items("mids").Select(m => m.AsText()).OfType<string>();

    /// <summary>What tells an event without an id apart (platform reference, Webhooks → Envelope).</summary>
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
            ShortId(content.Member("reply_to").Member("story").Text("id")),
            content.Member("reply_to").Member("story").Text("url"),
            content.Raw("referral"));
    }

    /// <summary>
    /// Meta sends some things twice in one message while it renames them: a sticker beside its picture, a post beside its
    /// share (platform reference, Webhooks → Inbound messages). The newer name stays.
    /// </summary>
    private static List<AttachmentContent> ReadAttachments(JsonElement message)
    {
        var all = message.Items("attachments").Select(ReadAttachment).ToList();
        if (all.Any(a => a.Type == "sticker")) all.RemoveAll(a => a.Type == "image" && all.Any(s => s.Type == "sticker" && IsSame(s, a)));
        if (all.Any(a => a.Type == "ig_post")) all.RemoveAll(a => a.Type == "share");
        return all.ConvertAll(a => a is { Type: "image", StickerId: not null } ? a with { Type = "sticker" } : a);   // their older form
    }

    private static bool IsSame(AttachmentContent sticker, AttachmentContent image) =>
        (sticker.Url is not null && sticker.Url == image.Url) || (sticker.StickerId is not null && sticker.StickerId == image.StickerId);

    private static AttachmentContent ReadAttachment(JsonElement attachment)
    {
        var payload = attachment.Member("payload");
        var type = attachment.Text("type") ?? "unknown";
        var stickerId = payload.Text("sticker_id");
        return new AttachmentContent(
            type.Length > 64 ? type[..64] : type,
            payload.Text("url") ?? attachment.Text("url"),
            payload.Text("title") ?? attachment.Text("title"),
            stickerId,
            SaysMore(payload) ? payload.GetRawText() : null);
    }

    private static bool SaysMore(JsonElement payload)
    {
        if (payload.ValueKind is not JsonValueKind.Object) return false;
        foreach (var member in payload.EnumerateObject())
        {
            if (!member.NameEquals("url"u8) && !member.NameEquals("title"u8)) return true;
        }

        return false;
    }

    private static string? ShortId(string? id) => id?.Length > MetaId.MaxLength ? null : id;
}
