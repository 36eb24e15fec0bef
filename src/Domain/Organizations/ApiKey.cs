using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using MetaMessaging.Domain.Common;

namespace MetaMessaging.Domain.Organizations;

/// <summary>Lets software act for an organization. The key itself is shown once and kept as a hash only.</summary>
public sealed class ApiKey : Entity, IOwnedByOrganization
{
    /// <summary>Tells a key from an access token, and lets secret scanners find a leaked one.</summary>
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

    /// <summary>What its messages are signed with.</summary>
    public string Name { get; private set; } = "";

    public List<string> Scopes { get; private set; } = [];

    /// <summary>SHA-256: the key is 256 random bits, which nobody guesses from a fast hash.</summary>
    public string KeyHash { get; private set; } = "";

    public long? CreatedByUserId { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>To the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; private set; }

    public static (ApiKey Row, string Key) Create(long organizationId, string name, IReadOnlyList<string> scopes, long? createdBy, DateTimeOffset now)
    {
        var key = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return (new ApiKey(organizationId, name.Trim(), scopes, HashOf(key), createdBy, now), key);
    }

    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>Whether using it now is worth a write.</summary>
    public bool IsLastUsedOutdated(DateTimeOffset now) => LastUsedAt is null || now - LastUsedAt >= TimeSpan.FromMinutes(1);
}
