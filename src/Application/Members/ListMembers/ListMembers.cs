namespace MetaMessaging.Application.Members;

/// <summary>The organization's members, those who joined last first.</summary>
public sealed record ListMembers(int? Limit = null, string? Cursor = null) : IRequest<Page<MemberModel>>, IPaged;

internal sealed class ListMembersValidator : AbstractValidator<ListMembers>
{
    public ListMembersValidator() => Include(new PagedValidator());
}

internal sealed class ListMembersHandler(IAppDbContext db, IUserAccounts accounts, ICaller caller, OrganizationScope scope)
    : IRequestHandler<ListMembers, Page<MemberModel>>
{
    public async Task<Page<MemberModel>> Handle(ListMembers request, CancellationToken cancellationToken)
    {
        var page = await db.Memberships.Where(m => m.OrganizationId == scope.OrganizationId).AsNoTracking()
            .ToPageByIdAsync(request, cancellationToken);
        var people = await accounts.FindAllAsync([.. page.Items.Select(m => m.UserId)], cancellationToken);
        var forAdmin = caller.IsSystemAdmin || caller.Roles.HasFlag(OrganizationRoles.Admin);
        return page.Select(m => MemberModel.Of(m, people[m.UserId], forAdmin));
    }
}
