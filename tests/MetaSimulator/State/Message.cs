using System.Text.Json.Nodes;

namespace MetaMessaging.MetaSimulator.State;

internal sealed class Message
{
    public required string Mid { get; init; }

    public required string CustomerId { get; init; }

    public required bool FromCustomer { get; init; }

    /// <summary>Milliseconds of the platform's clock.</summary>
    public required long At { get; init; }

    public string? Text { get; set; }

    public IReadOnlyList<MessageAttachment> Attachments { get; set; } = [];

    public IReadOnlyList<QuickReply> QuickReplies { get; init; } = [];

    /// <summary>The payload of the quick reply or button that the customer tapped.</summary>
    public string? Payload { get; init; }

    public string? ReplyToMid { get; init; }

    public StoryReference? Story { get; init; }

    public JsonObject? Referral { get; init; }

    public bool IsPostback { get; init; }

    public bool IsUnsupported { get; init; }

    /// <summary>What the sender put into <c>message.metadata</c>.</summary>
    public string? Metadata { get; init; }

    /// <summary>The app that sent it; null for a customer's message.</summary>
    public string? AppId { get; init; }

    public string? Tag { get; init; }

    public bool IsDeleted { get; set; }

    public int Edits { get; set; }

    public string? CustomerReaction { get; set; }

    public string? BusinessReaction { get; set; }
}

/// <summary>A story that the message answers or mentions the account in (platform reference, Webhooks → Inbound messages).</summary>
internal sealed record StoryReference(string Id, string? Url);

internal sealed record QuickReply(string ContentType, string? Title, string? Payload, string? ImageUrl);

/// <param name="Type">The webhook's word: image, video, audio, file, sticker, location, share, ...</param>
/// <param name="MediaId">What this platform hosts, if anything; its address is signed anew whenever it is shown.</param>
/// <param name="Payload">The rest of <c>payload</c>, in Meta's shape.</param>
/// <param name="Title">The element's own title and address, as location and the old fallback have them.</param>
/// <param name="Url">See <paramref name="Title"/>.</param>
internal sealed record MessageAttachment(
    string Type, string? MediaId = null, JsonObject? Payload = null, string? Title = null, string? Url = null);
