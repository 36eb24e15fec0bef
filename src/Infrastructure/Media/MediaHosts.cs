namespace MetaMessaging.Infrastructure.Media;

/// <summary>The hosts files may be downloaded from. Addresses come from outside, so every other host is refused.</summary>
internal sealed class MediaHosts
{
    private readonly List<string> suffixes = [];
    private readonly HashSet<string> exactHosts = new(StringComparer.OrdinalIgnoreCase);

    public MediaHosts(IOptions<MediaOptions> options)
    {
        foreach (var entry in options.Value.Hosts)
        {
            var host = Parse(entry)!;
            if (HasPort(entry)) exactHosts.Add($"{host.IdnHost}:{host.Port}");
            else suffixes.Add(host.IdnHost);
        }
    }

    public static bool IsHost(string entry) => Parse(entry) is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" };

    /// <summary>Configured together with its port, as for a simulator: then plain http and private addresses are allowed.</summary>
    public bool IsNamedExactly(string host, int port) => exactHosts.Contains($"{host}:{port}");

    public void EnsureAllowed(Uri address)
    {
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
            throw new MediaRefusedException("Only web addresses are downloaded.");
        if (address.UserInfo.Length > 0) throw new MediaRefusedException("The address contains a user name.");
        if (IsNamedExactly(address.IdnHost, address.Port)) return;

        if (address.HostNameType is not UriHostNameType.Dns || !suffixes.Exists(suffix => IsWithin(address.IdnHost, suffix)))
            throw new MediaRefusedException($"{address.IdnHost} is not one of Meta's hosts.");
        if (address.Scheme != Uri.UriSchemeHttps || address.Port != 443)
            throw new MediaRefusedException("Only https on port 443 is downloaded.");
    }

    /// <summary>Compares whole labels: evil-fbcdn.net is not within fbcdn.net.</summary>
    private static bool IsWithin(string host, string suffix) =>
        host.Equals(suffix, StringComparison.OrdinalIgnoreCase)
        || host.EndsWith($".{suffix}", StringComparison.OrdinalIgnoreCase);

    /// <summary>Accepts "*.fbcdn.net" and ".fbcdn.net" for fbcdn.net.</summary>
    private static Uri? Parse(string entry) =>
        Uri.TryCreate($"http://{entry.TrimStart('*').TrimStart('.')}", UriKind.Absolute, out var host) ? host : null;

    private static bool HasPort(string entry) => entry.LastIndexOf(':') > entry.LastIndexOf(']');
}
