namespace MetaMessaging.Application.Members;

/// <param name="Email">For admins only, as are the second factor and the last use; null for others.</param>
/// <param name="TwoFactor">Whether the member has set up a second factor.</param>
public sealed record MemberModel(
    long UserId, string Name, string? Email, IReadOnlyList<OrganizationRoles> Roles, MembershipState State, bool? TwoFactor,
    DateTimeOffset? LastSeenAt)
{
    internal static MemberModel Of(Membership membership, UserAccount account, bool forAdmin) => new(
        membership.UserId, account.Name, forAdmin ? account.Email : null, membership.Roles.ToList(), membership.State,
        forAdmin ? account.HasTwoFactor : null, forAdmin ? membership.LastSeenAt : null);
}
