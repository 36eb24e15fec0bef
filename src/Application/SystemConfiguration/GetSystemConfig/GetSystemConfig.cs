namespace MetaMessaging.Application.SystemConfiguration;

/// <summary>The Meta app of this installation, and the addresses to paste into Meta's dashboard.</summary>
public sealed record GetSystemConfig : IRequest<SystemConfigModel>;

/// <param name="HasAppSecret">Whether a secret is stored. The secret itself never leaves the server.</param>
public sealed record SystemConfigModel(
    string? MetaMessagingAppId, bool HasAppSecret, string MetaMessagingVerifyToken, Uri WebhookUrl, Uri OauthRedirectUrl, bool IsComplete,
    IReadOnlyList<string> Permissions, string? OpenIdAuthority, string? OpenIdClientId, bool HasOpenIdClientSecret, string? OpenIdName,
    long? OpenIdOrganizationId, IReadOnlyList<OrganizationRoles> OpenIdRoles, Uri OpenIdRedirectUrl);

internal sealed class GetSystemConfigHandler(IAppDbContext db, IMetaApp metaApp, IPublicAddress address)
    : IRequestHandler<GetSystemConfig, SystemConfigModel>
{
    public async Task<SystemConfigModel> Handle(GetSystemConfig request, CancellationToken cancellationToken)
    {
        var settings = await metaApp.GetAsync(cancellationToken);
        var config = await db.SystemConfig.AsNoTracking().OrderBy(c => c.Id).FirstAsync(cancellationToken);
        return new SystemConfigModel(
            settings.AppId, settings.AppSecret is { Length: > 0 }, settings.VerifyToken, address.Webhook(), address.OAuthRedirect(),
            settings.IsComplete, MetaPermissions.All, config.OpenIdAuthority, config.OpenIdClientId,
            config.OpenIdClientSecret is { Length: > 0 }, config.OpenIdName, config.OpenIdOrganizationId, config.OpenIdRoles.ToList(),
            address.OpenIdRedirect());
    }
}
