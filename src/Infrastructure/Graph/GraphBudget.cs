using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using MetaMessaging.Application.Common;

namespace MetaMessaging.Infrastructure.Graph;

/// <summary>Which of Meta's limits a call counts for (platform reference, Send API → Limits).</summary>
internal enum CallKind
{
    Message,
    AudioOrVideo,
    Conversations,
}

/// <summary>
/// A token bucket an account and kind of call. Who finds one empty stands in line without keeping a worker, and is woken with the token
/// in hand, so that many conversations of one Page neither hold up those of others nor look again and again.
/// </summary>
internal sealed class GraphBudget(GraphUsage usage, IDispatcher dispatcher, TimeProvider clock) : IGraphBudget, IDisposable
{
    /// <summary>How long a token is kept for a conversation that was woken; a worker may be long in coming.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);

    /// <summary>So many reads of conversations wait for each other, which is a few seconds.</summary>
    private const int ReadsInLine = 8;

    private readonly PartitionedRateLimiter<Bucket> buckets = PartitionedRateLimiter.Create<Bucket, Bucket>(
        bucket => RateLimitPartition.GetTokenBucketLimiter(bucket, OptionsOf));

    private readonly ConcurrentDictionary<long, Bucket> inLine = new();
    private readonly ConcurrentDictionary<long, (Bucket Bucket, long At)> granted = new();

    public bool TryTake(string accountId, bool isAudioOrVideo, long conversationId)
    {
        var bucket = new Bucket(accountId, isAudioOrVideo ? CallKind.AudioOrVideo : CallKind.Message);
        if (granted.TryRemove(conversationId, out var grant) && grant.Bucket == bucket && clock.GetElapsedTime(grant.At) < Kept) return true;
        if (inLine.ContainsKey(conversationId)) return false;
        if (TryTake(bucket)) return true;

        if (inLine.TryAdd(conversationId, bucket)) _ = WaitAsync(bucket, conversationId);
        return false;
    }

    /// <summary>For what is not worth waiting for: only when nobody waits, and a token is left.</summary>
    public bool TryTake(Bucket bucket)
    {
        using var lease = buckets.AttemptAcquire(bucket);
        return lease.IsAcquired;
    }

    /// <returns>False when too many are waiting already.</returns>
    public async Task<bool> WaitAsync(Bucket bucket, CancellationToken cancellationToken)
    {
        using var lease = await buckets.AcquireAsync(bucket, cancellationToken: cancellationToken);
        return lease.IsAcquired;
    }

    public GraphAllowance Read(string accountId) => new(
        [.. Enum.GetValues<CallKind>().Select(kind => Read(new Bucket(accountId, kind)))],
        usage.Of(accountId),
        usage.WaitFor(accountId) is { } wait ? clock.GetUtcNow() + wait : null);

    public GraphUsageModel? ReadApp() => usage.OfApp;

    public void Dispose() => buckets.Dispose();

    internal static int PerSecond(CallKind kind) => kind switch
    {
        CallKind.Message => 100,        // of 300; the Instagram pages say 100
        CallKind.AudioOrVideo => 10,
        _ => 2,
    };

    private async Task WaitAsync(Bucket bucket, long conversationId)
    {
        try
        {
            if (!await WaitAsync(bucket, CancellationToken.None)) return;
            granted[conversationId] = (bucket, clock.GetTimestamp());
        }
        catch (ObjectDisposedException)
        {
            return;   // the app stops; the rows are the queue
        }
        finally
        {
            inLine.TryRemove(conversationId, out _);
        }

        dispatcher.Wake(conversationId);
    }

    private CallBudgetModel Read(Bucket bucket)
    {
        var state = buckets.GetStatistics(bucket);
        var word = bucket.Kind switch
        {
            CallKind.Message => "messages",
            CallKind.AudioOrVideo => "audioAndVideo",
            _ => "conversations",
        };
        return new CallBudgetModel(word, PerSecond(bucket.Kind), state?.CurrentAvailablePermits ?? 0, state?.CurrentQueuedCount ?? 0);
    }

    /// <summary>Small buckets that refill often, for Meta counts by its own seconds: a full one on top of a second's refill must not be two seconds' worth.</summary>
    private static TokenBucketRateLimiterOptions OptionsOf(Bucket bucket)
    {
        var perSecond = PerSecond(bucket.Kind);
        var atOnce = Math.Max(1, perSecond / 10);
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = atOnce,
            TokensPerPeriod = atOnce,
            ReplenishmentPeriod = TimeSpan.FromSeconds((double)atOnce / perSecond),
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            QueueLimit = bucket.Kind is CallKind.Conversations ? ReadsInLine : int.MaxValue,
        };
    }

    internal readonly record struct Bucket(string AccountId, CallKind Kind);
}
