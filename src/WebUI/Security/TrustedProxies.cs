using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace MetaMessaging.WebUI.Security;

/// <summary>The proxies whose X-Forwarded-For, -Proto and -Host are believed: Proxy:Trusted, a list of addresses and networks.</summary>
internal static class TrustedProxies
{
    private const string Key = "Proxy:Trusted";

    private static readonly IReadOnlyList<string> Default =
        ["127.0.0.0/8", "::1", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fe80::/10"];

    private static readonly string[] OriginalHeaders = [
        ForwardedHeadersDefaults.XOriginalForHeaderName, ForwardedHeadersDefaults.XOriginalHostHeaderName,
        ForwardedHeadersDefaults.XOriginalProtoHeaderName,
    ];

    /// <exception cref="SettingException">An entry is no address and no network.</exception>
    public static IReadOnlyList<System.Net.IPNetwork> Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Key);
        var entries = (section.Value?.Split(',') ?? []).Concat(section.GetChildren().Select(child => child.Value ?? ""))
            .Select(entry => entry.Trim()).Where(entry => entry.Length > 0).ToList();
        return [.. (entries.Count > 0 ? entries : Default).Select(Parse)];
    }

    public static void Configure(ForwardedHeadersOptions options, IReadOnlyList<System.Net.IPNetwork> networks)
    {
        options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
        options.ForwardLimit = null;   // every trusted proxy of a chain is passed over
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in networks) options.KnownIPNetworks.Add(network);
    }

    public static bool IsPrivate(IPAddress address) => Default.Select(Parse).Any(network => network.Contains(address));

    /// <summary>Whether a trusted proxy passed the request on. The middleware keeps what it has replaced in these headers.</summary>
    public static bool IsForwarded(HttpRequest request) => OriginalHeaders.Any(request.Headers.ContainsKey);

    /// <summary>A client could send them as well.</summary>
    public static void RemoveOriginalHeaders(HttpRequest request)
    {
        foreach (var name in OriginalHeaders) request.Headers.Remove(name);
    }

    private static System.Net.IPNetwork Parse(string entry)
    {
        if (System.Net.IPNetwork.TryParse(entry, out var network)) return network;
        return IPAddress.TryParse(entry, out var address)
            ? new System.Net.IPNetwork(address, 8 * address.GetAddressBytes().Length)
            : throw new SettingException($"{Key}: {entry} is neither an address nor a network such as 10.0.0.0/8.");
    }
}
