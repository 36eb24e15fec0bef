using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Sending;

/// <summary>Every message that the Send API accepted, in order. Tests check here that each was sent exactly once.</summary>
internal sealed class AcceptedMessages
{
    private readonly ConcurrentQueue<AcceptedMessage> _messages = new();
    private long _lastNumber;

    public IReadOnlyList<AcceptedMessage> All => [.. _messages];

    public long NextNumber() => Interlocked.Increment(ref _lastNumber);

    public void Add(AcceptedMessage message) => _messages.Enqueue(message);

    public void Clear() => _messages.Clear();
}

internal sealed record AcceptedMessage(
    long Number,
    string Mid,
    string PageId,
    string Channel,
    string RecipientId,
    long At,
    string? Text,
    IReadOnlyList<string> AttachmentTypes,
    string? Metadata,
    string? MessagingType,
    string? Tag,
    string? ReplyToMid,
    string? PersonaId,
    IReadOnlyList<AcceptedAttachment> Attachments,
    IReadOnlyList<string> QuickReplies);

/// <param name="Sha256">Of the file's bytes; null for a template.</param>
/// <param name="Payload">A template's; null for a file.</param>
internal sealed record AcceptedAttachment(
    string Type, string? ContentType, string? FileName, long? Size, string? Sha256, JsonObject? Payload)
{
    public static AcceptedAttachment Of(Platform platform, MessageAttachment attachment) =>
        attachment.MediaId is { } id && platform.Media.Find(id) is { } file
        ? new AcceptedAttachment(
            attachment.Type,
            file.ContentType,
            file.FileName,
            file.Content.Length,
            Convert.ToHexStringLower(SHA256.HashData(file.Content)),
            null)
        : new AcceptedAttachment(attachment.Type, null, null, null, null, (JsonObject?)attachment.Payload?.DeepClone());
}
