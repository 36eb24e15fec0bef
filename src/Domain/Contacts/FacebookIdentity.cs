namespace MetaMessaging.Domain.Contacts;

/// <summary>Meta's id of a person for one Page.</summary>
public sealed class FacebookIdentity : Entity, IOwnedByOrganization
{
    private FacebookIdentity() { }

    internal FacebookIdentity(long organizationId, string pageId, string psid)
    {
        OrganizationId = organizationId;
        PageId = pageId;
        Psid = psid;
    }

    /// <summary>Unique among the ids of both channels, which are in two tables.</summary>
    public long Number => Id * 2;

    public long OrganizationId { get; private set; }

    public long ContactId { get; private set; }

    public string PageId { get; private set; } = "";

    public string Psid { get; private set; } = "";
}
