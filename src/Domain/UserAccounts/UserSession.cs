namespace MetaMessaging.Domain.UserAccounts;

/// <summary>
/// A user's sign-in in one browser or client. Its cookie and its tokens are valid while the row exists, so signing out ends them all.
/// </summary>
public sealed class UserSession : Entity
{
    /// <summary>A session that is not used for this long is over; its cookie and its refresh token expire after the same time.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    private static readonly TimeSpan LastSeenPrecision = TimeSpan.FromHours(1);

    private UserSession() { }

    public UserSession(long userId, DateTimeOffset now)
    {
        UserId = userId;
        StartedAt = now;
        LastSeenAt = now;
    }

    public long UserId { get; private set; }

    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>To the hour.</summary>
    public DateTimeOffset LastSeenAt { get; private set; }

    /// <summary>The number of the refresh token that was issued last, the only one that is accepted.</summary>
    public int RefreshNumber { get; private set; }

    public bool IsOver(DateTimeOffset now) => LastSeenAt <= now - Lifetime;

    public bool IsLastSeenOutdated(DateTimeOffset now) => LastSeenAt <= now - LastSeenPrecision;
}
