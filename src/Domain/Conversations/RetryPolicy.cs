namespace MetaMessaging.Domain.Conversations;

/// <summary>When a message that Meta refused for a while is tried again: eight attempts, from 2 seconds to an hour apart.</summary>
public static class RetryPolicy
{
    public const int MaxAttempts = 8;

    public static readonly Backoff Backoff =
        new(FirstDelay: TimeSpan.FromSeconds(2), Factor: 3.4, MaxDelay: TimeSpan.FromHours(1), MinScale: 0.75, MaxScale: 1);
}
