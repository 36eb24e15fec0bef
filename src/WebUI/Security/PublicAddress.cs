using System.Net;

namespace MetaMessaging.WebUI.Security;

internal sealed class PublicAddress(IHttpContextAccessor http, PublicAddressOptions options) : IPublicAddress
{
    public bool IsKnown => options.Configured is not null || http.HttpContext is not null;

    public Uri BaseUrl => options.Configured
        ?? (http.HttpContext is { } context
            ? new Uri($"{context.Request.Scheme}://{HostOf(context)}/")
            : throw new InvalidOperationException("Outside a request, the address is known only from the setting PublicBaseUrl."));

    /// <summary>
    /// Whoever sends a request chooses its Host, so it decides only where a proxy has passed the request on, where AllowedHosts admits no
    /// other, or where it names this machine. Otherwise it is the address that the request arrived at.
    /// </summary>
    private HostString HostOf(HttpContext context)
    {
        var (host, connection) = (context.Request.Host, context.Connection);
        if (options.AdmitsNamedHostsOnly || TrustedProxies.IsForwarded(context.Request) || IsThisMachine(host.Host)) return host;
        if (connection.LocalIpAddress is not { } address) return host;

        var local = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return new HostString(local.ToString(), connection.LocalPort);
    }

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && TrustedProxies.IsPrivate(address));
}

/// <param name="Configured">PublicBaseUrl, with a slash at its end; null when it is not set.</param>
/// <param name="AdmitsNamedHostsOnly">Requests for other hosts than those of AllowedHosts are refused before.</param>
internal sealed record PublicAddressOptions(Uri? Configured, bool AdmitsNamedHostsOnly)
{
    private const string Key = "PublicBaseUrl";

    public bool IsHttps => Configured?.Scheme == Uri.UriSchemeHttps;

    /// <exception cref="SettingException">It is no web address.</exception>
    public static PublicAddressOptions Read(IConfiguration configuration)
    {
        var admitsNamedHostsOnly = configuration["AllowedHosts"] is { Length: > 0 } hosts && !hosts.Split(';').Contains("*");
        return new PublicAddressOptions(configuration[Key] is { Length: > 0 } text ? Parse(text) : null, admitsNamedHostsOnly);
    }

    private static Uri Parse(string text) =>
        Uri.TryCreate(text.TrimEnd('/') + '/', UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address is { Host.Length: > 0, UserInfo: "", Query: "", Fragment: "" }
            ? address
            : throw new SettingException($"{Key}: {text} is not an address such as https://messages.example.com.");
}

internal static class PublicAddressRegistration
{
    public static IServiceCollection AddPublicAddress(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(PublicAddressOptions.Read(configuration));
        services.AddScoped<IPublicAddress, PublicAddress>();
        var proxies = TrustedProxies.Read(configuration);
        return services.Configure<ForwardedHeadersOptions>(options => TrustedProxies.Configure(options, proxies));
    }

    /// <summary>
    /// First in the pipeline: cookies are Secure, and redirects lead to https, by the scheme that is set here. PublicBaseUrl with https
    /// counts more than what a proxy says or leaves out.
    /// </summary>
    public static void UsePublicAddress(this IApplicationBuilder app)
    {
        app.Use((context, next) =>
        {
            TrustedProxies.RemoveOriginalHeaders(context.Request);
            return next(context);
        });
        app.UseForwardedHeaders();
        if (app.ApplicationServices.GetRequiredService<PublicAddressOptions>() is not { IsHttps: true, Configured: { } address }) return;

        var host = HostString.FromUriComponent(address);
        app.Use((context, next) =>
        {
            context.Request.Scheme = Uri.UriSchemeHttps;
            context.Request.Host = host;
            return next(context);
        });
    }
}
