namespace MetaMessaging.Application.Common;

/// <summary>Customers' profiles at Meta. Calls throw <see cref="GraphException"/> when Meta refuses or does not answer.</summary>
public interface IMetaProfiles { Task<MetaProfile> GetProfileAsync(Recipient recipient, CancellationToken cancellationToken); }

/// <summary>What Meta shows of a customer. The optional parameters exist on Instagram only.</summary>
public sealed record MetaProfile(
    string? Name, string? Username, Uri? PictureUrl, bool? IsVerified = null, int? FollowerCount = null, bool? FollowsBusiness = null,
    bool? FollowedByBusiness = null)
{
    /// <summary>Meta answers 200 without any field when the app may not see the person (platform reference, Profile API).</summary>
    public bool IsEmpty => Name is null && Username is null && PictureUrl is null;
}
