namespace MetaMessaging.Domain.Organizations;

/// <summary>What a person may do inside one organization.</summary>
public sealed class Membership(long organizationId, long userId, OrganizationRoles roles) : Entity
{
    public long OrganizationId { get; private set; } = organizationId;

    public long UserId { get; private set; } = userId;

    public OrganizationRoles Roles { get; private set; } = roles;
}
