namespace MetaMessaging.Domain.Conversations;

/// <summary>When a message that Meta did not take is tried again: eight tries, from two seconds to an hour apart.</summary>
public static class RetryPolicy
{
    public const int MaxAttempts = 8;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <param name="attempts">Tries made so far, at least one.</param>
    /// <param name="jitter">0 to 1: spreads the tries of many messages that failed together.</param>
    public static TimeSpan DelayAfter(int attempts, double jitter)
    {
        var exponential = First.TotalSeconds * Math.Pow(3.4, attempts - 1);
        return TimeSpan.FromSeconds(Math.Min(exponential, Longest.TotalSeconds)) * (0.75 + 0.25 * jitter);
    }
}
