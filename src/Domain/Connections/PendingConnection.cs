namespace MetaMessaging.Domain.Connections;

/// <summary>The result of Meta's dialog until a Page is chosen; stored, so that it survives a restart and every node can read it.</summary>
public sealed class PendingConnection : Entity, IOwnedByOrganization
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private PendingConnection() { }

    public PendingConnection(
        long organizationId, long userId, string? metaUserId, string userAccessToken,
        IReadOnlyList<ConnectablePage> pages, DateTimeOffset now)
    {
        OrganizationId = organizationId;
        UserId = userId;
        MetaUserId = metaUserId;
        UserAccessToken = userAccessToken;
        Pages = pages;
        ExpiresAt = now + Lifetime;
    }

    public long OrganizationId { get; private set; }

    public long UserId { get; private set; }

    public string? MetaUserId { get; private set; }

    /// <summary>Encrypted at rest.</summary>
    public string? UserAccessToken { get; private set; }

    /// <summary>Encrypted at rest as a whole, because it contains each Page's token.</summary>
    public IReadOnlyList<ConnectablePage> Pages { get; private set; } = [];

    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? UsedAt { get; private set; }

    public bool IsOpen(DateTimeOffset now) => UsedAt is null && now < ExpiresAt;

    /// <summary>Only one choice is possible; it deletes the tokens, including those of the Pages that were not chosen.</summary>
    public void Use(DateTimeOffset now)
    {
        UsedAt = now;
        UserAccessToken = null;
        Pages = [];
    }
}
