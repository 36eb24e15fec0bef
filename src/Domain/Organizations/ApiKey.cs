namespace MetaMessaging.Domain.Organizations;

/// <summary>Allows software to act for an organization. The key is shown once; only its hash is stored.</summary>
public sealed class ApiKey : Entity, IOwnedByOrganization
{
    /// <summary>Distinguishes a key from an access token, and makes a leaked key recognizable to secret scanners.</summary>
    public const string Prefix = "mm_";

    private ApiKey() { }

    private ApiKey(long organizationId, string name, IReadOnlyList<string> scopes, string hash, long? createdBy, DateTimeOffset now)
    {
        OrganizationId = organizationId;
        Name = name;
        Scopes = [.. ApiKeyScopes.All.Where(scopes.Contains)];
        KeyHash = hash;
        CreatedByUserId = createdBy;
        CreatedAt = now;
    }

    public long OrganizationId { get; private set; }

    /// <summary>Shown as the sender of its messages.</summary>
    public string Name { get; private set; } = "";

    public List<string> Scopes { get; private set; } = [];

    public string KeyHash { get; private set; } = "";

    public long? CreatedByUserId { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? LastUsedAt { get; private set; }

    public static (ApiKey Row, string Key) Create(
        long organizationId, string name, IReadOnlyList<string> scopes, long? createdBy, DateTimeOffset now)
    {
        var key = Prefix + SecretToken.Create();
        return (new ApiKey(organizationId, PlainName.Clean(name)!, scopes, SecretToken.HashOf(key), createdBy, now), key);
    }

    /// <summary>Whether the time of the last use is old enough to be written again.</summary>
    public bool IsLastUsedOutdated(DateTimeOffset now) => LastUsedAt is null || now - LastUsedAt >= TimeSpan.FromMinutes(1);
}
