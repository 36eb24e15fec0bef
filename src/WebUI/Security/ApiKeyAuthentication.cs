using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using MetaMessaging.Application.ApiKeys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace MetaMessaging.WebUI.Security;

/// <summary>
/// Authenticates `Authorization: Bearer mm_…`. The caller is software that acts for an organization, with the scopes of its key and without
/// a user's roles.
/// </summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IServiceScopeFactory scopes,
    CallerContext caller)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";

    private const string Bearer = "Bearer ";

    public static bool IsUsedBy(HttpRequest request) => KeyOf(request) is not null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (KeyOf(Request) is not { } text) return AuthenticateResult.NoResult();
        if (await ResolveAsync(text) is not { } key) return AuthenticateResult.Fail("The key is not known.");

        caller.Key = key;
        var identity = new ClaimsIdentity(
            [
                new Claim(ClaimTypes.Name, key.Name),
                new Claim(ClaimTypes.Sid, key.Id.ToString(CultureInfo.InvariantCulture)),
                .. key.Scopes.Select(scope => new Claim(ClaimTypes.Role, scope)),
            ],
            SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    /// <summary>The key's organization is not known yet, so the look-up spans all organizations, in a scope of its own.</summary>
    private async Task<ApiKeyCaller?> ResolveAsync(string key)
    {
        await using var lookup = scopes.CreateAsyncScope();
        lookup.ServiceProvider.GetRequiredService<OrganizationScope>().EnterAllOrganizations();
        return await lookup.ServiceProvider.GetRequiredService<IMediator>().Send(new ResolveApiKey(key), Context.RequestAborted);
    }

    /// <summary>The scheme's case does not matter (RFC 9110, section 11.1).</summary>
    /// <returns>An API key or an access token; null when there is none.</returns>
    public static string? BearerTokenOf(HttpRequest request) =>
        request.Headers.Authorization.ToString() is { } header && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? header[Bearer.Length..].Trim()
            : null;

    private static string? KeyOf(HttpRequest request) =>
        BearerTokenOf(request) is { } token && token.StartsWith(ApiKey.Prefix, StringComparison.OrdinalIgnoreCase) ? token : null;
}
