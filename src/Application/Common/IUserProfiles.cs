namespace MetaMessaging.Application.Common;

/// <summary>What users say about themselves.</summary>
public interface IUserProfiles
{
    Task<UserProfile> GetAsync(long userId, CancellationToken cancellationToken);

    /// <summary>The command's own save stores it.</summary>
    Task SetAsync(long userId, UserProfile profile, CancellationToken cancellationToken);
}

/// <param name="TimeZone">IANA name; null for the organization's.</param>
/// <param name="Language">BCP 47 tag; null for the organization's.</param>
public sealed record UserProfile(string Name, string? TimeZone, string? Language);
