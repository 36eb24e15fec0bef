using System.Collections.Concurrent;

namespace MetaMessaging.MetaSimulator.Webhooks;

/// <summary>The callback and fields of the app, per webhook object.</summary>
internal sealed class AppSubscriptions
{
    private readonly ConcurrentDictionary<string, AppSubscription> _subscriptions = new(StringComparer.Ordinal);

    public IEnumerable<AppSubscription> All =>
        _subscriptions.Values.OrderByDescending(subscription => subscription.Object, StringComparer.Ordinal);

    public AppSubscription? Find(string webhookObject) => _subscriptions.GetValueOrDefault(webhookObject);

    public void Set(AppSubscription subscription) => _subscriptions[subscription.Object] = subscription;

    public bool Remove(string webhookObject) => _subscriptions.TryRemove(webhookObject, out _);
}

internal sealed record AppSubscription(
    string Object, string CallbackUrl, string VerifyToken, IReadOnlyList<string> Fields, bool IncludeValues);
