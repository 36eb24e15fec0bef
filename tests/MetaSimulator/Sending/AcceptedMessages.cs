using System.Collections.Concurrent;

namespace MetaMessaging.MetaSimulator.Sending;

/// <summary>Every message that the Send API took, in order: the ledger of exactly-once checks.</summary>
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
    long Number, string Mid, string PageId, string Channel, string RecipientId, long At, string? Text, IReadOnlyList<string> AttachmentTypes,
    string? Metadata, string? MessagingType, string? Tag, string? ReplyToMid);
