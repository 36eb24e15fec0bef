namespace MetaMessaging.Application.Organizations;

/// <summary>The organizations that the caller can work in, and the one that a system administrator is visiting.</summary>
public sealed record ListMyOrganizations : IRequest<MyOrganizations>;

public sealed record MyOrganizations(IReadOnlyList<MyOrganizationModel> Items);

/// <param name="Roles">Empty where a system administrator is no member.</param>
public sealed record MyOrganizationModel(long Id, string Name, IReadOnlyList<OrganizationRoles> Roles, bool IsCurrent);

internal sealed class ListMyOrganizationsHandler(IAppDbContext db, ICaller caller, OrganizationScope scope)
    : IRequestHandler<ListMyOrganizations, MyOrganizations>
{
    public async Task<MyOrganizations> Handle(ListMyOrganizations request, CancellationToken cancellationToken)
    {
        var (userId, currentId) = (caller.UserId, scope.OrganizationId);
        var rows = await db.Organizations.AsNoTracking()
            .Select(o => new
            {
                o.Id, o.Name, o.State,
                Roles = db.Memberships.Where(m => m.OrganizationId == o.Id && m.UserId == userId && m.State == MembershipState.Active)
                    .Select(m => (OrganizationRoles?)m.Roles).FirstOrDefault(),
            })
            .Where(row => row.Id == currentId || (row.Roles != null && row.State == OrganizationState.Active))
            .OrderBy(row => row.Name).ThenBy(row => row.Id).ToListAsync(cancellationToken);
        return new MyOrganizations([.. rows.Select(row => new MyOrganizationModel(
            row.Id, row.Name, (row.Roles ?? OrganizationRoles.None).ToList(), row.Id == currentId))]);
    }
}
