using System.Security.Cryptography;
using System.Text;
using MetaMessaging.Domain.Common;

namespace MetaMessaging.Domain.Connections;

/// <summary>
/// One run of Meta's dialog: bound to organization, user and browser, usable once, for ten minutes. Only hashes are
/// kept, so that reading the database is not enough to finish somebody else's run.
/// </summary>
public sealed class OAuthState : Entity
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private OAuthState() { }

    public OAuthState(string state, string browser, long organizationId, long userId, DateTimeOffset now)
    {
        StateHash = Hash(state);
        BrowserHash = Hash(browser);
        OrganizationId = organizationId;
        UserId = userId;
        ExpiresAt = now + Lifetime;
    }

    public string StateHash { get; private set; } = "";

    public string BrowserHash { get; private set; } = "";

    public long OrganizationId { get; private set; }

    public long UserId { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>256 random bits, safe in an address and in a cookie.</summary>
    public static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
