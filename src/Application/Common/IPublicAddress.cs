namespace MetaMessaging.Application.Common;

/// <summary>The public address of this installation: PublicBaseUrl, or else the address of the current request.</summary>
public interface IPublicAddress { Uri BaseUrl { get; } }

public static class PublicAddresses
{
    public static Uri Webhook(this IPublicAddress address) => new(address.BaseUrl, "integrations/meta-messaging/webhook");

    public static Uri OAuthRedirect(this IPublicAddress address) => new(address.BaseUrl, "integrations/meta-messaging/oauth/callback");
}
