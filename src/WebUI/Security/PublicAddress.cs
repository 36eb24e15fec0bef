namespace MetaMessaging.WebUI.Security;

internal sealed class PublicAddress(IHttpContextAccessor http, IConfiguration configuration) : IPublicAddress
{
    public Uri BaseUrl => configuration["PublicBaseUrl"] is { Length: > 0 } configured
        ? new Uri(configured.TrimEnd('/') + '/')
        : http.HttpContext is { Request: var request }
            ? new Uri($"{request.Scheme}://{request.Host}/")
            : throw new InvalidOperationException("Outside a request, the address is known only from the setting PublicBaseUrl.");
}
