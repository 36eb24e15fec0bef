namespace MetaMessaging.Domain.Connections;

/// <summary>One OAuth attempt, valid once. Only hashes are stored: a reader of the database cannot complete another's attempt.</summary>
public sealed class OAuthState : Entity
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private OAuthState() { }

    public OAuthState(string state, string browserSecret, long organizationId, long userId, DateTimeOffset now)
    {
        StateHash = SecretToken.HashOf(state);
        BrowserHash = SecretToken.HashOf(browserSecret);
        OrganizationId = organizationId;
        UserId = userId;
        ExpiresAt = now + Lifetime;
    }

    public string StateHash { get; private set; } = "";

    public string BrowserHash { get; private set; } = "";

    public long OrganizationId { get; private set; }

    public long UserId { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }
}
