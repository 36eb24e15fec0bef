using System.Threading.RateLimiting;

namespace MetaMessaging.Infrastructure.Mailing;

/// <summary>
/// Thirty mails an hour for one client, and five to one address, so that nobody fills another's inbox. The client is counted first: one
/// that has no mails left uses up nobody's five.
/// </summary>
internal sealed class ResetMailLimit(IClientInfo client) : IResetMailLimit, IDisposable
{
    private readonly PartitionedRateLimiter<string> limits = PartitionedRateLimiter.CreateChained(
        Limiter(_ => client.Address ?? "", 30), Limiter(email => email.ToUpperInvariant(), 5));

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
