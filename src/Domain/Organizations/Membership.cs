namespace MetaMessaging.Domain.Organizations;

public enum MembershipState { Active, Deactivated }

/// <summary>What a person may do inside one organization.</summary>
public sealed class Membership(long organizationId, long userId, OrganizationRoles roles) : Entity
{
    public long OrganizationId { get; private set; } = organizationId;

    public long UserId { get; private set; } = userId;

    public OrganizationRoles Roles { get; private set; } = roles;

    public MembershipState State { get; private set; }

    /// <summary>To the hour.</summary>
    public DateTimeOffset? LastSeenAt { get; private set; }

    public bool IsActiveAdmin => State is MembershipState.Active && Roles.HasFlag(OrganizationRoles.Admin);

    public void Change(OrganizationRoles roles, MembershipState state) => (Roles, State) = (roles, state);

    /// <summary>Open pages show that these conversations are assigned to nobody now.</summary>
    public void RecordUnassigned(IReadOnlyList<long> conversationIds)
    {
        if (conversationIds.Count > 0) Raise(new ConversationsUnassigned(OrganizationId, conversationIds));
    }
}

/// <summary>A member has left, so their conversations are assigned to nobody.</summary>
public sealed record ConversationsUnassigned(long OrganizationId, IReadOnlyList<long> ConversationIds) : DomainEvent;
