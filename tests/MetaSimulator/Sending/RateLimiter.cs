using System.Collections.Concurrent;
using System.Diagnostics;

namespace MetaMessaging.MetaSimulator.Sending;

/// <summary>Limits the calls a second for each account and kind of call, as a token bucket.</summary>
internal sealed class RateLimiter
{
    private readonly ConcurrentDictionary<(string AccountId, string Kind), Bucket> _buckets = new();

    /// <returns>False when the limit is reached.</returns>
    public bool TryTake(string accountId, string kind, int perSecond)
    {
        if (perSecond <= 0) return true;

        var bucket = _buckets.GetOrAdd((accountId, kind), _ => new Bucket { Left = perSecond, At = Stopwatch.GetTimestamp() });
        lock (bucket)
        {
            var now = Stopwatch.GetTimestamp();
            bucket.Left = Math.Min(perSecond, bucket.Left + Stopwatch.GetElapsedTime(bucket.At, now).TotalSeconds * perSecond);
            bucket.At = now;
            if (bucket.Left < 1) return false;
            bucket.Left--;
            return true;
        }
    }

    private sealed class Bucket
    {
        public double Left { get; set; }

        public long At { get; set; }
    }
}
