namespace MetaMessaging.Domain.Figures;

/// <summary>The first answers of a slot of time by how long the customer had waited: a histogram from which the median is read.</summary>
public sealed class ResponseRollup : IMessageSlot
{
    /// <summary>A bucket is 9 % wide (the eighth root of 2), so its mean is at most that far from any value in it.</summary>
    private const int BucketsPerDoubling = 8;

    public long OrganizationId { get; init; }

    /// <inheritdoc cref="MessageRollup.ConnectionId"/>
    public long ConnectionId { get; init; }

    /// <inheritdoc cref="MessageRollup.AgentId"/>
    public long AgentId { get; init; }

    /// <summary>Hours and days only: there is a row for each bucket, and a median does not need the quarter hours.</summary>
    public int SlotMinutes { get; init; }

    /// <summary>That of the answer.</summary>
    public int Slot { get; init; }

    public int Bucket { get; init; }

    public int Responses { get; init; }

    /// <summary>The sum of their waits, which makes the mean of a bucket exact.</summary>
    public long Milliseconds { get; init; }

    public static int BucketOf(long milliseconds) => milliseconds < 1 ? 0 : 1 + (int)(BucketsPerDoubling * Math.Log2(milliseconds));

    /// <summary>Exact while the bucket in the middle holds equal values only, or no more than the two in the middle.</summary>
    /// <param name="buckets">The rows of any slots.</param>
    public static double? MedianSeconds(IEnumerable<ResponseRollup> buckets)
    {
        var sorted = buckets.GroupBy(b => b.Bucket).OrderBy(b => b.Key)
            .Select(b => (Responses: b.Sum(r => (long)r.Responses), Milliseconds: b.Sum(r => r.Milliseconds)))
            .Where(b => b.Responses > 0).ToList();
        var responses = sorted.Sum(b => b.Responses);
        return responses == 0 ? null : (ValueAt((responses - 1) / 2) + ValueAt(responses / 2)) / 2 / 1000;

        double ValueAt(long position)
        {
            var bucket = 0;
            while (position >= sorted[bucket].Responses) position -= sorted[bucket++].Responses;
            return (double)sorted[bucket].Milliseconds / sorted[bucket].Responses;
        }
    }
}
