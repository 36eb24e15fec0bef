namespace MetaMessaging.Application.Common;

/// <summary>Where the world reaches this installation: PublicBaseUrl, or what the current request came to.</summary>
public interface IPublicAddress
{
    Uri BaseUrl { get; }
}

public static class PublicAddresses
{
    public static Uri Webhook(this IPublicAddress address) => new(address.BaseUrl, "integrations/meta-messaging/webhook");

    public static Uri OAuthRedirect(this IPublicAddress address) => new(address.BaseUrl, "integrations/meta-messaging/oauth/callback");
}
