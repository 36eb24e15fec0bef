using System.Net.Sockets;

namespace MetaMessaging.Infrastructure.Media;

/// <summary>Connects to public addresses only. Checks the resolved addresses that it connects to, because a name may resolve to another one
/// the next time (DNS rebinding). Why not a library: docs/adr/0021.</summary>
internal sealed class PublicConnections(MediaHosts hosts, PublicConnections.Resolve resolve)
{
    /// <summary>IANA's special-purpose address registries, and 168.63.129.16, the address of Azure's platform services.</summary>
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48",
            "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>The prefix under which an IPv6-only network reaches IPv4 addresses; the IPv4 address is checked then.</summary>
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    public delegate Task<IPAddress[]> Resolve(string host, CancellationToken cancellationToken);

    public static bool IsPublic(IPAddress address)
    {
        var target = address.IsIPv4MappedToIPv6 || Nat64.Contains(address) ? new IPAddress(address.GetAddressBytes().AsSpan(12)) : address;
        return !Array.Exists(NotPublic, network => network.Contains(target));
    }

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var resolved = await resolve(host, cancellationToken);
        var allowed = hosts.IsNamedExactly(host, port) ? resolved : Array.FindAll(resolved, IsPublic);
        if (allowed.Length == 0)
        {
            throw resolved.Length == 0
                ? new SocketException((int)SocketError.HostNotFound)
                : new MediaRefusedException($"{host} is not on the public internet.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
