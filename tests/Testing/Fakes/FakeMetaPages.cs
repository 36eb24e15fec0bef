using System.Collections.Concurrent;
using MetaMessaging.Application.Common;
using MetaMessaging.Domain.Connections;

namespace MetaMessaging.Testing;

public sealed class FakeMetaPages : IMetaPages
{
    /// <summary>As "pages token", "subscribe page", "unsubscribe page" or "app-subscriptions url".</summary>
    public ConcurrentQueue<string> Calls { get; } = [];

    public Func<IReadOnlyList<ConnectablePage>> OnListPages { get; set; } = () => [Some.Page()];

    public Func<string, string?> OnSubscribe { get; set; } = _ => null;

    /// <summary>What another request does while the first Page is being subscribed.</summary>
    public Func<Task>? WhileSubscribing { get; set; }

    public Func<string?> OnCheckAppSubscriptions { get; set; } = () => null;

    public Action<string> OnUnsubscribe { get; set; } = _ => { };

    public Task<IReadOnlyList<ConnectablePage>> ListPagesAsync(string userAccessToken, CancellationToken cancellationToken) =>
        Answer($"pages {userAccessToken}", OnListPages);

    public async Task<string?> SubscribePageAsync(string pageId, string pageAccessToken, CancellationToken cancellationToken)
    {
        if (WhileSubscribing is { } other)
        {
            WhileSubscribing = null;
            await other();
        }

        return await Answer($"subscribe {pageId}", () => OnSubscribe(pageId));
    }

    public Task<string?> CheckAppSubscriptionsAsync(Uri webhookUrl, bool withInstagram, CancellationToken cancellationToken) =>
        Answer($"app-subscriptions {webhookUrl}", OnCheckAppSubscriptions);

    public Task UnsubscribePageAsync(string pageId, string pageAccessToken, CancellationToken cancellationToken) =>
        Answer($"unsubscribe {pageId}", () => { OnUnsubscribe(pageId); return true; });

    private async Task<T> Answer<T>(string call, Func<T> answer)
    {
        Calls.Enqueue(call);
        await Task.Yield();
        return answer();
    }
}
