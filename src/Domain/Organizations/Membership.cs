namespace MetaMessaging.Domain.Organizations;

/// <summary>What a person may do inside one organization.</summary>
public sealed class Membership : Entity
{
    private Membership() { }

    public Membership(long organizationId, long userId, OrganizationRoles roles)
    {
        OrganizationId = organizationId;
        UserId = userId;
        Roles = roles;
    }

    public long OrganizationId { get; private set; }

    public long UserId { get; private set; }

    public OrganizationRoles Roles { get; private set; }
}
