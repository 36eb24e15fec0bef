namespace MetaMessaging.Application.SystemConfiguration;

/// <summary>The Meta app of this installation, and the addresses to paste into Meta's dashboard.</summary>
public sealed record GetSystemConfig : IRequest<SystemConfigModel>;

/// <param name="HasAppSecret">Whether a secret is stored. The secret itself never leaves the server.</param>
public sealed record SystemConfigModel(
    string? MetaMessagingAppId, bool HasAppSecret, string MetaMessagingVerifyToken, Uri WebhookUrl, Uri OauthRedirectUrl, bool IsComplete,
    IReadOnlyList<string> Permissions);

internal sealed class GetSystemConfigHandler(IMetaApp metaApp, IPublicAddress address) : IRequestHandler<GetSystemConfig, SystemConfigModel>
{
    public async Task<SystemConfigModel> Handle(GetSystemConfig request, CancellationToken cancellationToken)
    {
        var settings = await metaApp.GetAsync(cancellationToken);
        return new SystemConfigModel(
            settings.AppId, settings.AppSecret is { Length: > 0 }, settings.VerifyToken, address.Webhook(), address.OAuthRedirect(),
            settings.IsComplete, MetaPermissions.All);
    }
}
