namespace MetaMessaging.WebUI.BackOffice;

internal static class WebLink
{
    /// <returns>Null when the address is neither http nor https: customers send them, and a script must not become a link.</returns>
    public static string? ToHref(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
            ? address.AbsoluteUri
            : null;
}
