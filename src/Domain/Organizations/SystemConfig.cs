namespace MetaMessaging.Domain.Organizations;

/// <summary>The installation's Meta app: the one row of core_conf.</summary>
public sealed class SystemConfig : Entity
{
    /// <summary>A constraint admits no other, so there is one row at most.</summary>
    public const long OnlyId = 1;

    private SystemConfig() { }

    public string? MetaMessagingAppId { get; private set; }

    /// <summary>Encrypted at rest, and never returned by a page or the API.</summary>
    public string? MetaMessagingAppSecret { get; private set; }

    public string MetaMessagingVerifyToken { get; private set; } = "";

    /// <summary>The address of the OpenID Connect provider; null while nobody signs in through one.</summary>
    public string? OpenIdAuthority { get; private set; }

    public string? OpenIdClientId { get; private set; }

    /// <summary>Encrypted at rest, and never returned by a page or the API.</summary>
    public string? OpenIdClientSecret { get; private set; }

    /// <summary>What the sign-in page calls the provider.</summary>
    public string? OpenIdName { get; private set; }

    /// <summary>The organization that those who come for the first time join, with <see cref="OpenIdRoles"/>.</summary>
    public long? OpenIdOrganizationId { get; private set; }

    public OrganizationRoles OpenIdRoles { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public bool IsComplete => !string.IsNullOrEmpty(MetaMessagingAppId) && !string.IsNullOrEmpty(MetaMessagingAppSecret);

    /// <summary>Begins with a random verify token, so that nobody has to choose one.</summary>
    public static SystemConfig CreateDefault(DateTimeOffset now) => new()
    {
        Id = OnlyId,
        MetaMessagingVerifyToken = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20)),
        UpdatedAt = now,
    };

    /// <param name="appSecret">Null keeps the stored one.</param>
    public void Update(string appId, string? appSecret, string verifyToken, DateTimeOffset now)
    {
        MetaMessagingAppId = appId;
        MetaMessagingAppSecret = appSecret ?? MetaMessagingAppSecret;
        MetaMessagingVerifyToken = verifyToken;
        UpdatedAt = now;
    }

    /// <param name="secret">Null keeps the stored one.</param>
    public void ChangeOpenId(
        string? authority, string? clientId, string? secret, string? name, long? organizationId, OrganizationRoles roles)
    {
        OpenIdAuthority = authority;
        OpenIdClientId = clientId;
        OpenIdClientSecret = secret ?? OpenIdClientSecret;
        OpenIdName = name;
        OpenIdOrganizationId = organizationId;
        OpenIdRoles = roles;
    }
}
