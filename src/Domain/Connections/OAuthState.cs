using System.Security.Cryptography;
using System.Text;

namespace MetaMessaging.Domain.Connections;

/// <summary>
/// The OAuth state of one login at Meta: bound to organization, user and browser, and valid once, for ten minutes. Only hashes are stored,
/// so that somebody who can read the database cannot complete another person's login.
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

    /// <summary>256 random bits in characters that are valid in a URL and in a cookie.</summary>
    public static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
