using System.Collections.Concurrent;
using System.Diagnostics;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Webhooks;

/// <summary>
/// Delivers in order for each customer and in parallel across customers. A failed delivery is retried three times at once, then with
/// growing delays for 36 hours; after one hour of failures the app is unsubscribed from the Page (platform reference, Webhooks →
/// Delivery rules).
/// </summary>
internal sealed class DeliveryQueue(Platform platform, WebhookPoster poster, DeliveryLog log) : IDisposable
{
    private const int MaxImmediateAttempts = 3;
    private const int MaxParallelDeliveries = 48;

    private static readonly TimeSpan MaxRetryTime = TimeSpan.FromHours(36);
    private static readonly TimeSpan MaxFailureTime = TimeSpan.FromHours(1);

    private static readonly TimeSpan[] RetryDelays =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(20),
        TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4), TimeSpan.FromHours(8),
    ];

    private readonly ConcurrentDictionary<string, CustomerQueue> _customerQueues = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _failingSince = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _slots = new(MaxParallelDeliveries);
    private readonly CancellationTokenSource _stopping = new();
    private int _pending;
    private int _retrying;

    public int Pending => Volatile.Read(ref _pending);

    /// <summary>How many of the pending deliveries wait for another attempt.</summary>
    public int Retrying => Volatile.Read(ref _retrying);

    public void Add(Delivery delivery)
    {
        log.Add(delivery);
        Interlocked.Increment(ref _pending);

        var lane = _customerQueues.GetOrAdd(delivery.CustomerId, _ => new CustomerQueue());
        lock (lane)
        {
            lane.Waiting.Enqueue(delivery);
            if (lane.Running) return;
            lane.Running = true;
        }

        _ = Task.Run(() => DrainAsync(lane));
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task DrainAsync(CustomerQueue lane)
    {
        while (true)
        {
            Delivery delivery;
            lock (lane)
            {
                if (_stopping.IsCancellationRequested || !lane.Waiting.TryDequeue(out delivery!))
                {
                    lane.Running = false;
                    return;
                }
            }

            try
            {
                await FirstAttemptsAsync(delivery);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task FirstAttemptsAsync(Delivery delivery)
    {
        delivery.FirstAttemptTicks = Stopwatch.GetTimestamp();
        for (var attempt = 0; attempt < MaxImmediateAttempts; attempt++)
        {
            if (await AttemptAsync(delivery)) return;
        }

        // Later deliveries of the customer do not wait: Meta does not keep the order after a failure.
        delivery.Status = DeliveryStatus.Retrying;
        Interlocked.Increment(ref _retrying);
        _ = RetryAsync(delivery);
    }

    private async Task RetryAsync(Delivery delivery)
    {
        try
        {
            for (var round = 0; ; round++)
            {
                await Task.Delay(RetryDelays[Math.Min(round, RetryDelays.Length - 1)] / TimeScale, _stopping.Token);
                if (await AttemptAsync(delivery)) break;

                if (Stopwatch.GetElapsedTime(delivery.FirstAttemptTicks) * TimeScale < MaxRetryTime) continue;
                delivery.Status = DeliveryStatus.Failed;
                Interlocked.Decrement(ref _pending);
                break;
            }
        }
        catch (OperationCanceledException)
        {
            // The platform was reset: its pending deliveries are dropped.
        }

        Interlocked.Decrement(ref _retrying);
    }

    private double TimeScale => Math.Max(platform.Settings.Behaviour.TimeScale, 0.001);

    /// <returns>True once the receiver answered 200.</returns>
    private async Task<bool> AttemptAsync(Delivery delivery)
    {
        await _slots.WaitAsync(_stopping.Token);
        DeliveryAttempt attempt;
        try
        {
            attempt = await poster.PostAsync(delivery.CallbackUrl, delivery.Body, _stopping.Token);
        }
        finally
        {
            _slots.Release();
        }

        delivery.Add(attempt);
        var succeeded = attempt.Status is StatusCodes.Status200OK;
        if (succeeded)
        {
            delivery.Status = DeliveryStatus.Delivered;
            delivery.Note = null;
            log.CountDelivered();
            foreach (var pageId in delivery.PageIds) _failingSince.TryRemove(pageId, out _);
            Interlocked.Decrement(ref _pending);
        }
        else
        {
            delivery.Note = attempt.Error ?? $"HTTP {attempt.Status}";
            log.CountFailedAttempt();
            foreach (var pageId in delivery.PageIds) RecordFailure(pageId);
        }

        delivery.FirstAttempt.TrySetResult();
        platform.Live.Publish("deliveries");
        return succeeded;
    }

    private void RecordFailure(string pageId)
    {
        var since = _failingSince.GetOrAdd(pageId, _ => Stopwatch.GetTimestamp());
        if (Stopwatch.GetElapsedTime(since) * TimeScale < MaxFailureTime) return;

        platform.Pages[pageId].SubscribedFields = null;
        _failingSince.TryRemove(pageId, out _);
    }

    private sealed class CustomerQueue
    {
        public Queue<Delivery> Waiting { get; } = new();

        public bool Running { get; set; }
    }
}
