using MetaMessaging.Application.Organizations;
using MetaMessaging.Application.SystemConfiguration;

namespace MetaMessaging.WebUI.BackOffice;

[RulesOf(typeof(UpdateSystemConfig))]
public sealed class SystemConfigForm
{
    public string? MetaMessagingAppId { get; set; }

    public string? MetaMessagingAppSecret { get; set; }

    public string? MetaMessagingVerifyToken { get; set; }

    public string? OpenIdAuthority { get; set; }

    public string? OpenIdClientId { get; set; }

    public string? OpenIdClientSecret { get; set; }

    public string? OpenIdName { get; set; }

    public long? OpenIdOrganizationId { get; set; }

    public IReadOnlyList<OrganizationRoles>? OpenIdRoles { get; set; }

    /// <summary>A secret is stored, so the field may stay empty.</summary>
    internal bool HasAppSecret { get; set; }

    internal bool HasOpenIdClientSecret { get; set; }

    internal string OpenIdRedirectUrl { get; set; } = "";

    /// <summary>What can be chosen as <see cref="OpenIdOrganizationId"/>.</summary>
    internal IReadOnlyList<MyOrganizationModel> Organizations { get; set; } = [];

    internal static SystemConfigForm Of(SystemConfigModel config) => new()
    {
        MetaMessagingAppId = config.MetaMessagingAppId,
        MetaMessagingVerifyToken = config.MetaMessagingVerifyToken,
        HasAppSecret = config.HasAppSecret,
        OpenIdAuthority = config.OpenIdAuthority,
        OpenIdClientId = config.OpenIdClientId,
        HasOpenIdClientSecret = config.HasOpenIdClientSecret,
        OpenIdName = config.OpenIdName,
        OpenIdOrganizationId = config.OpenIdOrganizationId,
        OpenIdRoles = config.OpenIdRoles,
    };

    internal UpdateSystemConfig ToRequest() => new(
        MetaMessagingAppId, MetaMessagingAppSecret, MetaMessagingVerifyToken, OpenIdAuthority ?? "", OpenIdClientId, OpenIdClientSecret,
        OpenIdName, OpenIdOrganizationId, OpenIdRoles);
}
