using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace MetaMessaging.WebUI.Security;

/// <summary>Thirty sign-ins may fail from a client address in five minutes. Only failures count, because people share addresses.</summary>
internal sealed class SignInLimit(IHttpContextAccessor http) : ISignInLimit, IDisposable
{
    private static readonly FixedWindowRateLimiterOptions Limit = new() { PermitLimit = 30, Window = TimeSpan.FromMinutes(5) };

    private readonly PartitionedRateLimiter<IPAddress> failures = PartitionedRateLimiter.Create<IPAddress, IPAddress>(
        address => RateLimitPartition.GetFixedWindowLimiter(address, _ => Limit));

    /// <summary>Of all clients together: a stranger with many addresses cannot fill the audit log, at most 8,640 rows a day.</summary>
    private readonly FixedWindowRateLimiter unknown = new(Limit);

    public void EnsureAllowed()
    {
        using var lease = failures.AttemptAcquire(Client(), permitCount: 0);
        if (lease.IsAcquired) return;
        throw new TooManyRequestsException("Too many sign-ins from your address have failed. Try again in five minutes.", Limit.Window);
    }

    public void RecordFailure() => failures.AttemptAcquire(Client()).Dispose();

    public bool TryStoreUnknown() => unknown.AttemptAcquire().IsAcquired;

    public void Dispose()
    {
        failures.Dispose();
        unknown.Dispose();
    }

    /// <summary>An IPv6 client usually has a whole network of 64 bits to itself, so that network is what is counted.</summary>
    private IPAddress Client()
    {
        var address = http.HttpContext?.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily is not AddressFamily.InterNetworkV6) return address;

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
