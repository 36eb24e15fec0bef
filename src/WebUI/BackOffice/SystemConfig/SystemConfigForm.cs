using MetaMessaging.Application.SystemConfiguration;

namespace MetaMessaging.WebUI.BackOffice;

[RulesOf(typeof(UpdateSystemConfig))]
public sealed class SystemConfigForm
{
    public string? MetaMessagingAppId { get; set; }

    public string? MetaMessagingAppSecret { get; set; }

    public string? MetaMessagingVerifyToken { get; set; }

    /// <summary>A secret is stored, so the field may stay empty.</summary>
    internal bool HasAppSecret { get; set; }

    internal static SystemConfigForm Of(SystemConfigModel config) => new()
    {
        MetaMessagingAppId = config.MetaMessagingAppId,
        MetaMessagingVerifyToken = config.MetaMessagingVerifyToken,
        HasAppSecret = config.HasAppSecret,
    };

    internal UpdateSystemConfig ToRequest() => new(MetaMessagingAppId, MetaMessagingAppSecret, MetaMessagingVerifyToken);
}
