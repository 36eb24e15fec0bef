using System.Collections.Concurrent;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;

namespace MetaMessaging.Testing;

public sealed class FakeMetaMessages : IMetaMessages
{
    private int nextMid;

    public ConcurrentQueue<SentMessage> Sent { get; } = [];

    /// <summary>What was uploaded, with the number of bytes that were read.</summary>
    public ConcurrentQueue<(OutgoingFile File, int Size)> Uploaded { get; } = [];

    /// <summary>The other calls: "seen user", "typing user on", "react user mid emoji", "recent user" and "message mid".</summary>
    public ConcurrentQueue<string> Calls { get; } = [];

    /// <summary>Answers with the mid; an empty one is replaced by a new one.</summary>
    public Func<SentMessage, Task<string>> OnSend { get; set; } = _ => Task.FromResult("");

    public Func<OutgoingFile, Task<string>> OnUpload { get; set; } = file => Task.FromResult($"remote-{file.FileName}");

    public Action<Recipient> OnMarkSeen { get; set; } = _ => { };

    public Func<string?, Task> OnReact { get; set; } = _ => Task.CompletedTask;

    public Func<Recipient, IReadOnlyList<RemoteMessage>> OnListRecent { get; set; } = _ => [];

    public Func<string, FoundMessage> OnMessage { get; set; } = _ => throw Some.Refused(RefusalClass.Parameter);

    public void RefuseSends(RefusalClass @class, TimeSpan? retryAfter = null) => OnSend = _ => throw Some.Refused(@class, retryAfter);

    public async Task<string> UploadAsync(Recipient recipient, OutgoingFile file, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        await file.Content.CopyToAsync(content, cancellationToken);
        Uploaded.Enqueue((file, (int)content.Length));
        return await OnUpload(file);
    }

    public async Task<string> SendAsync(Recipient recipient, OutgoingMessage message, CancellationToken cancellationToken)
    {
        var sent = new SentMessage(recipient, message.Text, message.Metadata, message);
        Sent.Enqueue(sent);
        return await OnSend(sent) is { Length: > 0 } mid ? mid : $"m_sent{Interlocked.Increment(ref nextMid)}";
    }

    public Task MarkSeenAsync(Recipient recipient, CancellationToken cancellationToken) =>
        Answer($"seen {recipient.ScopedUserId}", () => { OnMarkSeen(recipient); return true; });

    public Task SetTypingAsync(Recipient recipient, bool on, CancellationToken cancellationToken) =>
        Answer($"typing {recipient.ScopedUserId} {on}", () => true);

    public Task ReactAsync(Recipient recipient, string externalId, string? emoji, CancellationToken cancellationToken)
    {
        Calls.Enqueue($"react {recipient.ScopedUserId} {externalId} {emoji}");
        return OnReact(emoji);
    }

    public Task<IReadOnlyList<RemoteMessage>> ListRecentMessagesAsync(Recipient recipient, CancellationToken cancellationToken) =>
        Answer($"recent {recipient.ScopedUserId}", () => OnListRecent(recipient));

    public Task<FoundMessage> GetMessageAsync(
        string pageId, string pageAccessToken, string externalId, CancellationToken cancellationToken) =>
        Answer($"message {externalId}", () => OnMessage(externalId));

    private async Task<T> Answer<T>(string call, Func<T> answer)
    {
        Calls.Enqueue(call);
        await Task.Yield();
        return answer();
    }
}

public sealed record SentMessage(Recipient Recipient, string? Text, string? Metadata, OutgoingMessage Message);
