namespace MetaMessaging.WebUI.Security;

internal sealed class PublicAddress(IHttpContextAccessor http, PublicAddressOptions options) : IPublicAddress
{
    public Uri BaseUrl => options.Configured
        ?? (http.HttpContext is { Request: var request }
            ? new Uri($"{request.Scheme}://{request.Host}/")
            : throw new InvalidOperationException("Outside a request, the address is known only from the setting PublicBaseUrl."));
}

/// <param name="Configured">PublicBaseUrl, with a slash at its end; null when it is not set.</param>
internal sealed record PublicAddressOptions(Uri? Configured)
{
    private const string Key = "PublicBaseUrl";

    /// <exception cref="SettingException">It is no web address.</exception>
    public static PublicAddressOptions Read(IConfiguration configuration)
    {
        if (configuration[Key] is not { Length: > 0 } text) return new PublicAddressOptions(Configured: null);

        return Uri.TryCreate(text.TrimEnd('/') + '/', UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
            && address is { Host.Length: > 0, UserInfo: "", Query: "", Fragment: "" }
                ? new PublicAddressOptions(address)
                : throw new SettingException($"{Key}: {text} is not an address such as https://messages.example.com.");
    }
}

internal static class PublicAddressRegistration
{
    public static IServiceCollection AddPublicAddress(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(PublicAddressOptions.Read(configuration))
        .AddScoped<IPublicAddress, PublicAddress>();
}
