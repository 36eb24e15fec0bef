namespace MetaMessaging.Domain.Common;

/// <summary>How long to wait before the next attempt: each delay is a multiple of the one before, up to a maximum.</summary>
/// <param name="MinScale">The delay is multiplied by a number between this and <paramref name="MaxScale"/>, chosen by the jitter.</param>
public sealed record Backoff(TimeSpan FirstDelay, double Factor, TimeSpan MaxDelay, double MinScale = 1, double MaxScale = 1)
{
    /// <param name="attempts">Attempts made so far, at least one.</param>
    /// <param name="jitter">A random number from 0 to 1: rows that failed together are not all due together again.</param>
    public TimeSpan DelayAfter(int attempts, double jitter = 0)
    {
        var seconds = FirstDelay.TotalSeconds * Math.Pow(Factor, attempts - 1);
        return TimeSpan.FromSeconds(Math.Min(seconds, MaxDelay.TotalSeconds)) * (MinScale + (MaxScale - MinScale) * jitter);
    }
}
