namespace MetaMessaging.Application.Common;

/// <summary>The public address of this installation: PublicBaseUrl, or else the address of the current request.</summary>
public interface IPublicAddress
{
    Uri BaseUrl { get; }

    /// <summary>False outside of a request when PublicBaseUrl is not set.</summary>
    bool IsKnown { get; }
}

public static class PublicAddresses
{
    public static Uri Webhook(this IPublicAddress address) => new(address.BaseUrl, "integrations/meta-messaging/webhook");

    public static Uri OAuthRedirect(this IPublicAddress address) => new(address.BaseUrl, "integrations/meta-messaging/oauth/callback");

    public static Uri OpenIdRedirect(this IPublicAddress address) => new(address.BaseUrl, "account/openid/callback");

    public static Uri PasswordReset(this IPublicAddress address, string token) => address.BaseUrl.PasswordReset(token);

    public static Uri PasswordReset(this Uri baseUrl, string token) => new(baseUrl, $"account/reset/{token}");
}
