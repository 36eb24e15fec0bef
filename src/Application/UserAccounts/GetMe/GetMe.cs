namespace MetaMessaging.Application.UserAccounts;

/// <summary>The signed-in user, the organization and the roles in it.</summary>
public sealed record GetMe : IRequest<MeModel>;

public sealed record MeModel(
    long Id, string Email, string Name, bool SystemAdmin, OrganizationModel? Organization, IReadOnlyList<OrganizationRoles> Roles);

public sealed record OrganizationModel(long Id, string Name);

internal sealed class GetMeHandler(IAppDbContext db, ICaller caller, OrganizationScope scope) : IRequestHandler<GetMe, MeModel>
{
    public async Task<MeModel> Handle(GetMe request, CancellationToken cancellationToken)
    {
        var organization = await db.Organizations
            .Where(o => o.Id == scope.OrganizationId)
            .ProjectToType<OrganizationModel>()
            .SingleOrDefaultAsync(cancellationToken);
        return new MeModel(
            caller.UserId, caller.Email, caller.Name, caller.IsSystemAdmin, organization, caller.Roles.ToList());
    }
}
