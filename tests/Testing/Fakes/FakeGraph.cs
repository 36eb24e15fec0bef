using System.Collections.Concurrent;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Common;
using MetaMessaging.Domain.Connections;
using MetaMessaging.Domain.Conversations;

namespace MetaMessaging.Testing;

/// <summary>Meta, played by hand: every call has an answer that a test may replace, and is remembered.</summary>
public sealed class FakeGraph : IMetaGraph
{
    private int nextMid;

    public ConcurrentQueue<SentText> Sent { get; } = [];

    /// <summary>The other calls, as "method id".</summary>
    public ConcurrentQueue<string> Calls { get; } = [];

    public Func<SentText, Task<string>> OnSend { get; set; } = _ => Task.FromResult("");

    /// <summary>What was uploaded, with as many bytes as were read.</summary>
    public ConcurrentQueue<(OutgoingFile File, int Size)> Uploaded { get; } = [];

    public Func<OutgoingFile, Task<string>> OnUpload { get; set; } = file => Task.FromResult($"remote-{file.FileName}");

    public Func<UserGrant> OnExchange { get; set; } = () => new UserGrant("user-token", null, "122100000000000001", MetaPermissions.All);

    public Func<IReadOnlyList<ConnectablePage>> OnListPages { get; set; } = () => [Some.Page()];

    public Func<string, Task<TokenInspection>> OnInspect { get; set; } = _ => Task.FromResult(new TokenInspection(true, null, null, null));

    public Func<string, string?> OnSubscribe { get; set; } = _ => null;

    public Func<string?> OnCheckAppSubscriptions { get; set; } = () => null;

    public Action<string> OnUnsubscribe { get; set; } = _ => { };

    public Action<Recipient> OnMarkSeen { get; set; } = _ => { };

    public Func<string?, Task> OnReact { get; set; } = _ => Task.CompletedTask;

    public Func<Recipient, IReadOnlyList<RemoteMessage>> OnListRecent { get; set; } = _ => [];

    public Func<Recipient, MetaProfile> OnProfile { get; set; } = _ => new MetaProfile("Peter Chang", null, null);

    public Func<string, FoundMessage> OnMessage { get; set; } = _ => throw Some.Refused(RefusalClass.Parameter);

    /// <summary>From now on, sending is refused so.</summary>
    public void RefuseSends(RefusalClass @class, TimeSpan? retryAfter = null) => OnSend = _ => throw Some.Refused(@class, retryAfter);

    public Uri DialogUrl(string appId, Uri redirectUri, string state) => new($"https://www.facebook.com/dialog?client_id={appId}&state={state}");

    public Task<UserGrant> ExchangeCodeAsync(string code, Uri redirectUri, CancellationToken cancellationToken) =>
        Answer($"exchange {code}", OnExchange);

    public Task<IReadOnlyList<ConnectablePage>> ListPagesAsync(string userAccessToken, CancellationToken cancellationToken) =>
        Answer($"pages {userAccessToken}", OnListPages);

    public Task<TokenInspection> InspectTokenAsync(string accessToken, CancellationToken cancellationToken) =>
        Answer($"inspect {accessToken}", () => OnInspect(accessToken)).Unwrap();

    public Task<string?> SubscribePageAsync(string pageId, string pageAccessToken, CancellationToken cancellationToken) =>
        Answer($"subscribe {pageId}", () => OnSubscribe(pageId));

    public Task<string?> CheckAppSubscriptionsAsync(Uri webhookUrl, bool withInstagram, CancellationToken cancellationToken) =>
        Answer($"app-subscriptions {webhookUrl}", OnCheckAppSubscriptions);

    public Task UnsubscribePageAsync(string pageId, string pageAccessToken, CancellationToken cancellationToken) =>
        Answer($"unsubscribe {pageId}", () => { OnUnsubscribe(pageId); return true; });

    public async Task<string> UploadAsync(Recipient recipient, OutgoingFile file, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        await file.Content.CopyToAsync(content, cancellationToken);
        Uploaded.Enqueue((file, (int)content.Length));
        return await OnUpload(file);
    }

    public async Task<string> SendAsync(Recipient recipient, OutgoingMessage message, CancellationToken cancellationToken)
    {
        var sent = new SentText(recipient, message.Text, message.Metadata, message);
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

    public Task<FoundMessage> GetMessageAsync(string pageId, string pageAccessToken, string externalId, CancellationToken cancellationToken) =>
        Answer($"message {externalId}", () => OnMessage(externalId));

    public Task<MetaProfile> GetProfileAsync(Recipient recipient, CancellationToken cancellationToken) =>
        Answer($"profile {recipient.ScopedUserId}", () => OnProfile(recipient));

    private async Task<T> Answer<T>(string call, Func<T> answer)
    {
        Calls.Enqueue(call);
        await Task.Yield();
        return answer();
    }
}

public sealed record SentText(Recipient Recipient, string? Text, string? Metadata, OutgoingMessage Message);
