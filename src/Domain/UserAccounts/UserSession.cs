namespace MetaMessaging.Domain.UserAccounts;

/// <summary>
/// A user's sign-in in one browser or client. Its cookie and its tokens are valid while the row exists, so signing out ends them all.
/// </summary>
public sealed class UserSession : Entity
{
    /// <summary>A session that is not used for so long is over, unless its organization has set another time.</summary>
    public const int DefaultHours = 14 * 24;

    public const int MaxHours = 90 * 24;

    private static readonly TimeSpan LastSeenPrecision = TimeSpan.FromHours(1);

    private UserSession() { }

    /// <param name="organizationId">Null for the user's first.</param>
    /// <param name="device">Browser and system, as a person would call them.</param>
    public UserSession(long userId, long? organizationId, string? device, string? address, DateTimeOffset now)
    {
        UserId = userId;
        OrganizationId = organizationId;
        Device = device;
        Address = address;
        StartedAt = now;
        LastSeenAt = now;
    }

    public long UserId { get; private set; }

    /// <summary>The organization that the user works in here; null for the user's first.</summary>
    public long? OrganizationId { get; private set; }

    public string? Device { get; private set; }

    /// <summary>The network address that it was last used from.</summary>
    public string? Address { get; private set; }

    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>To the hour.</summary>
    public DateTimeOffset LastSeenAt { get; private set; }

    /// <summary>The number of the refresh token that was issued last, the only one that is accepted.</summary>
    public int RefreshNumber { get; private set; }

    public bool IsOver(DateTimeOffset now, int hours) => LastSeenAt <= now - TimeSpan.FromHours(hours);

    public bool IsLastSeenOutdated(DateTimeOffset now) => LastSeenAt <= now - LastSeenPrecision;
}
