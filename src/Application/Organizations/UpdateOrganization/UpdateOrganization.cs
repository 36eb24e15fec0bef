using MetaMessaging.Application.UserAccounts;

namespace MetaMessaging.Application.Organizations;

/// <summary>
/// Renames, suspends or activates an organization. A suspended one still takes deliveries, but sends nothing and lets nobody sign in.
/// </summary>
public sealed record UpdateOrganization(long Id, string? Name, OrganizationState? State) : IRequest<OrganizationOverview>, IRepeatable;

internal sealed class UpdateOrganizationValidator : AbstractValidator<UpdateOrganization>
{
    public UpdateOrganizationValidator()
    {
        RuleFor(u => u.Name).IsName(200).When(u => u.Name is not null);
        RuleFor(u => u.State).Must(state => state is null or OrganizationState.Active or OrganizationState.Suspended)
            .WithMessage("The state is active or suspended.");
    }
}

internal sealed class UpdateOrganizationHandler(IAppDbContext db, AuditLog audit, ICaller caller, TimeProvider clock)
    : IRequestHandler<UpdateOrganization, OrganizationOverview>
{
    public async Task<OrganizationOverview> Handle(UpdateOrganization request, CancellationToken cancellationToken)
    {
        Organization? organization = null;
        await db.SaveChangesAsync(async token => organization = await ChangeAsync(request, token), cancellationToken);
        return (await db.DescribeAsync([organization!], clock.GetUtcNow(), cancellationToken)).SingleOrDefault()
            ?? throw new NotFoundException("organization_not_found");
    }

    private async Task<Organization> ChangeAsync(UpdateOrganization request, CancellationToken cancellationToken)
    {
        await db.Organizations.Where(o => o.Id == request.Id).LockAsync(cancellationToken);   // its deletion may begin at the same time
        var organization = await db.Organizations.SingleOrDefaultAsync(o => o.Id == request.Id, cancellationToken)
            ?? throw new NotFoundException("organization_not_found");
        var (name, state) = (organization.Name, organization.State);
        if (request.Name is not null) organization.Rename(request.Name);
        if (request.State is OrganizationState.Active) organization.Activate();
        if (request.State is OrganizationState.Suspended)
        {
            // Before the state changes, because it decides which organization is a user's first.
            await db.EndSessionsAsync(organization.Id, caller.UserId, cancellationToken);
            organization.Suspend();
        }

        audit.Record(
            organization.Id, caller.Actor, AuditActions.OrganizationChanged, AuditTarget.Of(organization, organization.Name),
            new AuditChange("name", name, organization.Name), new AuditChange("state", state, organization.State));
        await db.SaveChangesAsync(cancellationToken);
        return organization;
    }
}
