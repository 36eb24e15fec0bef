using MetaMessaging.Domain.Common;

namespace MetaMessaging.Domain.Connections;

/// <summary>
/// What the dialog brought back, between the callback and the choice of a Page. In the database,
/// so that it survives a restart and works on any node.
/// </summary>
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

    /// <summary>Encrypted at rest as a whole, for each Page carries its token.</summary>
    public IReadOnlyList<ConnectablePage> Pages { get; private set; } = [];

    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? UsedAt { get; private set; }

    public bool IsOpen(DateTimeOffset now) => UsedAt is null && now < ExpiresAt;

    /// <summary>One choice only; the tokens of the Pages not chosen are forgotten with it.</summary>
    public void Use(DateTimeOffset now)
    {
        UsedAt = now;
        UserAccessToken = null;
        Pages = [];
    }
}
