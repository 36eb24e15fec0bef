namespace MetaMessaging.Domain.Contacts;

/// <summary>Meta's id of a person for one Instagram professional account.</summary>
public sealed class InstagramIdentity : Entity, IOwnedByOrganization
{
    private InstagramIdentity() { }

    internal InstagramIdentity(long organizationId, string igAccountId, string igsid)
    {
        OrganizationId = organizationId;
        IgAccountId = igAccountId;
        Igsid = igsid;
    }

    /// <summary>Unique among the ids of both channels, which are in two tables.</summary>
    public long Number => (Id * 2) + 1;

    public long OrganizationId { get; private set; }

    public long ContactId { get; private set; }

    public string IgAccountId { get; private set; } = "";

    public string Igsid { get; private set; } = "";

    public string? Username { get; private set; }

    public bool? IsVerified { get; private set; }

    public int? FollowerCount { get; private set; }

    public bool? FollowsBusiness { get; private set; }

    public bool? FollowedByBusiness { get; private set; }

    /// <summary>Values that Meta omits stay unchanged.</summary>
    public void UpdateProfile(string? username, bool? isVerified, int? followerCount, bool? followsBusiness, bool? followedByBusiness)
    {
        Username = PlainName.Clean(username) ?? Username;
        IsVerified = isVerified ?? IsVerified;
        FollowerCount = followerCount ?? FollowerCount;
        FollowsBusiness = followsBusiness ?? FollowsBusiness;
        FollowedByBusiness = followedByBusiness ?? FollowedByBusiness;
    }
}
