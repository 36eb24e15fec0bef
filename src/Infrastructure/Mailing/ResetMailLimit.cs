using System.Threading.RateLimiting;

namespace MetaMessaging.Infrastructure.Mailing;

/// <summary>Five mails an hour to one address, and thirty for one client, so that nobody fills another's inbox.</summary>
internal sealed class ResetMailLimit(IClientInfo client) : IResetMailLimit, IDisposable
{
    private readonly PartitionedRateLimiter<string> limits = PartitionedRateLimiter.CreateChained(
        Limiter(email => email.ToUpperInvariant(), 5), Limiter(_ => client.Address ?? "", 30));

    public bool TryAcquire(string email)
    {
        using var lease = limits.AttemptAcquire(email);
        return lease.IsAcquired;
    }

    public void Dispose() => limits.Dispose();

    private static PartitionedRateLimiter<string> Limiter(Func<string, string> keyOf, int permits)
    {
        var options = new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = TimeSpan.FromHours(1) };
        return PartitionedRateLimiter.Create<string, string>(
            email => RateLimitPartition.GetFixedWindowLimiter(keyOf(email), _ => options), StringComparer.Ordinal);
    }
}
