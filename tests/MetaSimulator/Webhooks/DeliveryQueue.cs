using System.Collections.Concurrent;
using System.Diagnostics;
using MetaMessaging.MetaSimulator.State;

namespace MetaMessaging.MetaSimulator.Webhooks;

/// <summary>
/// Delivers in order for each customer and in parallel across customers. What fails is tried again at once a few times, then ever
/// more rarely until 36 hours have passed; after an hour of failures the app is unsubscribed from the Page (platform reference, Webhooks → Delivery rules).
/// </summary>
internal sealed class DeliveryQueue(Platform platform, WebhookPoster poster, DeliveryLog log) : IDisposable
{
    private const int ImmediateAttempts = 3;
    private const int Parallel = 48;

    private static readonly TimeSpan GivesUpAfter = TimeSpan.FromHours(36);
    private static readonly TimeSpan UnsubscribesAfter = TimeSpan.FromHours(1);

    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(20),
        TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4), TimeSpan.FromHours(8),
    ];

    private readonly ConcurrentDictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _failingSince = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _slots = new(Parallel);
    private readonly CancellationTokenSource _stopping = new();
    private int _pending;
    private int _retrying;

    public int Pending => Volatile.Read(ref _pending);

    /// <summary>How many of the pending ones wait for another attempt.</summary>
    public int Retrying => Volatile.Read(ref _retrying);

    public void Add(Delivery delivery)
    {
        log.Add(delivery);
        Interlocked.Increment(ref _pending);

        var lane = _lanes.GetOrAdd(delivery.CustomerId, _ => new Lane());
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

    private async Task DrainAsync(Lane lane)
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
        for (var attempt = 0; attempt < ImmediateAttempts; attempt++)
        {
            if (await AttemptAsync(delivery)) return;
        }

        // The ones behind it need not wait: order is not kept after failures.
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
                await Task.Delay(Waits[Math.Min(round, Waits.Length - 1)] / TimeScale, _stopping.Token);
                if (await AttemptAsync(delivery)) break;

                if (Stopwatch.GetElapsedTime(delivery.FirstAttemptTicks) * TimeScale < GivesUpAfter) continue;
                delivery.Status = DeliveryStatus.Failed;
                Interlocked.Decrement(ref _pending);
                break;
            }
        }
        catch (OperationCanceledException)
        {
            // The platform was reset; what it still owed is gone with it.
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
            foreach (var pageId in delivery.PageIds) NoteFailure(pageId);
        }

        delivery.FirstAttempt.TrySetResult();
        platform.Live.Publish("deliveries");
        return succeeded;
    }

    private void NoteFailure(string pageId)
    {
        var since = _failingSince.GetOrAdd(pageId, _ => Stopwatch.GetTimestamp());
        if (Stopwatch.GetElapsedTime(since) * TimeScale < UnsubscribesAfter) return;

        platform.Pages[pageId].SubscribedFields = null;
        _failingSince.TryRemove(pageId, out _);
    }

    private sealed class Lane
    {
        public Queue<Delivery> Waiting { get; } = new();

        public bool Running { get; set; }
    }
}
