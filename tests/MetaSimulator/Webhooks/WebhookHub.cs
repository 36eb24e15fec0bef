using System.Text.Json.Nodes;
using MetaMessaging.MetaSimulator.Graph;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Webhooks;

/// <summary>Turns events into POSTs: checks the subscriptions, applies the shaping, and queues the deliveries.</summary>
internal sealed class WebhookHub : IDisposable
{
    private readonly Platform _platform;
    private readonly DeliveryQueue _queue;
    private int _reserved;

    public WebhookHub(Platform platform, HttpClients http)
    {
        _platform = platform;
        Poster = new WebhookPoster(platform, http.Webhooks);
        _queue = new DeliveryQueue(platform, Poster, Log);
    }

    public AppSubscriptions Subscriptions { get; } = new();

    public DeliveryLog Log { get; } = new();

    public EventShaper Shaper { get; } = new();

    public WebhookPoster Poster { get; }

    public int Pending => _queue.Pending + Volatile.Read(ref _reserved);

    public int Retrying => _queue.Retrying;

    /// <summary>
    /// Counts as pending until <see cref="Unreserve"/>, so that the hub does not appear idle while an event is being prepared.
    /// </summary>
    public void Reserve() => Interlocked.Increment(ref _reserved);

    public void Unreserve() => Interlocked.Decrement(ref _reserved);

    /// <returns>A task that ends with the first attempt of what was posted because of this event.</returns>
    public Task Emit(WebhookEvent webhookEvent)
    {
        if (FindDropReason(webhookEvent) is { } reason)
        {
            Log.Add(NewDelivery([webhookEvent], "", DeliveryStatus.Dropped, reason));
            return Task.CompletedTask;
        }

        var posts = Shaper.Take(webhookEvent, out var isDropped);
        if (isDropped) Log.Add(NewDelivery([webhookEvent], "", DeliveryStatus.Dropped, "lost on request"));
        return Post(posts, Shaper.Shaping.DelayMs);
    }

    public int Release(ReleaseOrder order, int batchSize)
    {
        var posts = Shaper.Release(order, batchSize);
        _ = Post(posts, 0);
        return posts.Count;
    }

    /// <summary>Posts the events in one delivery. Subscriptions are checked, shaping does not apply.</summary>
    public Task EmitTogether(IReadOnlyList<WebhookEvent> events) =>
        Post([[.. events.Where(webhookEvent => FindDropReason(webhookEvent) is null)]], 0);

    /// <summary>Posts the same bytes again, as Meta does after an answer that got lost.</summary>
    public void Redeliver(Delivery delivery) => _queue.Add(new Delivery
    {
        Id = Log.NextId(),
        CreatedAt = _platform.Clock.Now,
        Object = delivery.Object,
        AccountIds = delivery.AccountIds,
        PageIds = delivery.PageIds,
        CustomerId = delivery.CustomerId,
        Kinds = delivery.Kinds,
        CallbackUrl = _platform.Webhooks.Subscriptions.Find(delivery.Object)?.CallbackUrl ?? delivery.CallbackUrl,
        Body = delivery.Body,
    });

    public void Dispose() => _queue.Dispose();

    private Task Post(IReadOnlyList<IReadOnlyList<WebhookEvent>> posts, int delayMs)
    {
        if (posts.Count is 0) return Task.CompletedTask;
        if (delayMs > 0)
        {
            Reserve();
            return PostLaterAsync(posts, delayMs);
        }

        var firstAttempts = new List<Task>(posts.Count);
        foreach (var post in posts)
        {
            // A POST has one object, so a batch of both channels becomes two.
            foreach (var events in post.GroupBy(webhookEvent => webhookEvent.Object))
            {
                if (Subscriptions.Find(events.Key) is not { } subscription) continue;
                var delivery = NewDelivery([.. events], subscription.CallbackUrl, DeliveryStatus.Pending, null);
                firstAttempts.Add(delivery.FirstAttempt.Task);
                _queue.Add(delivery);
            }
        }

        return firstAttempts.Count is 1 ? firstAttempts[0] : Task.WhenAll(firstAttempts);
    }

    private async Task PostLaterAsync(IReadOnlyList<IReadOnlyList<WebhookEvent>> posts, int delayMs)
    {
        try
        {
            await Task.Delay(delayMs);
            _ = Post(posts, 0);
        }
        finally
        {
            Unreserve();
        }
    }

    /// <summary>
    /// A field is delivered only when both levels have it; for Instagram the page level counts as a whole (platform reference, OAuth →
    /// Preconditions; OAuth → subscribed_apps).
    /// </summary>
    private string? FindDropReason(WebhookEvent webhookEvent)
    {
        if (Subscriptions.Find(webhookEvent.Object) is not { } app) return $"the app has no webhook for {webhookEvent.Object}";

        var field = webhookEvent.Standby ? "standby" : webhookEvent.Field;
        if (!app.Fields.Contains(WebhookFields.Normalise(field, webhookEvent.Object)))
            return $"the app isn't subscribed to {field} of {webhookEvent.Object}";

        var page = _platform.Pages[webhookEvent.PageId];
        if (page.SubscribedFields is not { } pageFields) return "the app isn't subscribed to the Page";
        if (webhookEvent.Channel is Channel.Messenger && !pageFields.Contains(field)) return $"the Page isn't subscribed to {field}";
        if (webhookEvent.Channel is Channel.Instagram && page.Instagram is not { AllowsMessageAccess: true })
            return "the account does not allow access to messages";
        return null;
    }

    private Delivery NewDelivery(IReadOnlyList<WebhookEvent> events, string callbackUrl, DeliveryStatus status, string? note) => new()
    {
        Id = Log.NextId(),
        CreatedAt = _platform.Clock.Now,
        Object = events[0].Object,
        AccountIds = [.. events.Select(webhookEvent => webhookEvent.AccountId).Distinct()],
        PageIds = [.. events.Select(webhookEvent => webhookEvent.PageId).Distinct()],
        CustomerId = events[0].CustomerId,
        Kinds = [.. events.Select(webhookEvent => webhookEvent.Kind)],
        CallbackUrl = callbackUrl,
        Body = MetaJson.ToBytes(Envelope(events)),
        Status = status,
        Note = note,
    };

    /// <summary>Puts consecutive events of one account into one entry, so that a batch keeps their order.</summary>
    private JsonObject Envelope(IReadOnlyList<WebhookEvent> events)
    {
        var entries = new JsonArray();
        (string AccountId, bool Standby) open = ("", false);
        foreach (var webhookEvent in events)
        {
            if (entries.Count is 0 || open != (webhookEvent.AccountId, webhookEvent.Standby))
            {
                open = (webhookEvent.AccountId, webhookEvent.Standby);
                entries.Add(new JsonObject
                {
                    ["id"] = webhookEvent.AccountId,
                    ["time"] = _platform.Clock.NowMs,
                    [webhookEvent.Standby ? "standby" : "messaging"] = new JsonArray(),
                });
            }

            entries[^1]![webhookEvent.Standby ? "standby" : "messaging"]!.AsArray().Add(webhookEvent.Body.DeepClone());
        }

        return new JsonObject { ["object"] = events[0].Object, ["entry"] = entries };
    }
}
