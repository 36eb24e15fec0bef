namespace MetaMessaging.Application.SystemConfiguration;

/// <summary>The OpenID Connect provider that people sign in through. With its secret, so it is never answered to a client.</summary>
public sealed record GetOpenIdSettings : IRequest<OpenIdSettings?>;

public sealed record OpenIdSettings(Uri Authority, string ClientId, string? ClientSecret, string Name);

internal sealed class GetOpenIdSettingsHandler(IAppDbContext db) : IRequestHandler<GetOpenIdSettings, OpenIdSettings?>
{
    public async Task<OpenIdSettings?> Handle(GetOpenIdSettings request, CancellationToken cancellationToken)
    {
        var config = await db.SystemConfig.AsNoTracking().OrderBy(c => c.Id).FirstAsync(cancellationToken);
        return config is { OpenIdAuthority: { } authority, OpenIdClientId: { } clientId }
            ? new OpenIdSettings(new Uri(authority), clientId, config.OpenIdClientSecret, config.OpenIdName ?? "OpenID Connect")
            : null;
    }
}
