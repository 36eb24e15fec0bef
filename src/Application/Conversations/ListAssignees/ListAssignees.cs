namespace MetaMessaging.Application.Conversations;

/// <summary>The active members who answer conversations: the caller first, then by name.</summary>
public sealed record ListAssignees : IRequest<IReadOnlyList<AssigneeModel>>;

internal sealed class ListAssigneesHandler(IAppDbContext db, IUserAccounts accounts, ICaller caller, OrganizationScope scope)
    : IRequestHandler<ListAssignees, IReadOnlyList<AssigneeModel>>
{
    public async Task<IReadOnlyList<AssigneeModel>> Handle(ListAssignees request, CancellationToken cancellationToken)
    {
        var members = await db.Memberships.AsNoTracking()
            .Where(m => m.OrganizationId == scope.OrganizationId && m.State == MembershipState.Active)
            .ToListAsync(cancellationToken);
        var agents = members.Where(m => m.Roles.HasFlag(OrganizationRoles.Agent)).Select(m => m.UserId).ToList();
        var names = await accounts.NamesAsync(agents, cancellationToken);
        return
        [
            .. names.Select(name => new AssigneeModel(name.Key, name.Value))
                .OrderByDescending(agent => agent.Id == caller.UserId).ThenBy(agent => agent.Name, StringComparer.OrdinalIgnoreCase),
        ];
    }
}
