namespace MetaMessaging.Domain.Connections;

/// <summary>One OAuth attempt, valid once. Only hashes are stored: a reader of the database cannot complete another's attempt.</summary>
public sealed class OAuthState : Entity
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private OAuthState() { }

    public OAuthState(string state, string browserSecret, long organizationId, long userId, DateTimeOffset now)
    {
        StateHash = Hash(state);
        BrowserHash = Hash(browserSecret);
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
