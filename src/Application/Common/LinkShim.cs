namespace MetaMessaging.Application.Common;

/// <summary>Meta wraps links in an address of its own that warns and forwards (platform reference, Webhooks → Inbound messages).</summary>
public static class LinkShim
{
    private static readonly HashSet<string> Hosts = ["l.facebook.com", "lm.facebook.com", "l.instagram.com", "www.facebook.com"];

    /// <returns>The address that the link leads to; the given address when it is not wrapped.</returns>
    public static string? TargetOf(string? address)
    {
        if (address is null || !address.Contains("?u=", StringComparison.Ordinal) && !address.Contains("&u=", StringComparison.Ordinal))
            return address;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var link) || !Hosts.Contains(link.Host)) return address;
        if (link.AbsolutePath is not ("/l.php" or "/")) return address;

        var target = link.Query.TrimStart('?').Split('&').First(p => p.StartsWith("u=", StringComparison.Ordinal))[2..];
        return Uri.TryCreate(Uri.UnescapeDataString(target.Replace('+', ' ')), UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
            ? uri.AbsoluteUri
            : address;
    }
}
