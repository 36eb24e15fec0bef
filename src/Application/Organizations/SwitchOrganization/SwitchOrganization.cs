namespace MetaMessaging.Application.Organizations;

/// <summary>Lets a session work in another organization. A system administrator may enter each, which the audit log says.</summary>
public sealed record SwitchOrganization(long? OrganizationId, long SessionId) : IRequest<SwitchedOrganization>, IRepeatable;

/// <param name="IsVisit">A system administrator is there without being a member.</param>
public sealed record SwitchedOrganization(long Id, string Name, IReadOnlyList<OrganizationRoles> Roles, bool IsVisit);

internal sealed class SwitchOrganizationValidator : AbstractValidator<SwitchOrganization>
{
    public SwitchOrganizationValidator() => RuleFor(s => s.OrganizationId).NotNull();
}

internal sealed class SwitchOrganizationHandler(IAppDbContext db, ICaller caller, AuditLog audit, ILiveConnections live)
    : IRequestHandler<SwitchOrganization, SwitchedOrganization>
{
    public async Task<SwitchedOrganization> Handle(SwitchOrganization request, CancellationToken cancellationToken)
    {
        var (userId, id) = (caller.UserId, request.OrganizationId);
        var organization = await db.Organizations.AsNoTracking().SingleOrDefaultAsync(o => o.Id == id, cancellationToken);
        var membership = await db.Memberships.AsNoTracking().SingleOrDefaultAsync(
            m => m.OrganizationId == id && m.UserId == userId && m.State == MembershipState.Active, cancellationToken);
        var isVisit = membership is null;
        if (organization is null || (!caller.IsSystemAdmin && (isVisit || organization.State is not OrganizationState.Active)))
            throw new NotFoundException("organization_not_found");

        if (isVisit)
        {
            audit.Record(
                organization.Id, caller.Actor, AuditActions.OrganizationEntered, AuditTarget.Of(organization, organization.Name));
        }

        await db.SaveChangesAsync(
            token => db.UserSessions.Where(s => s.Id == request.SessionId && s.UserId == userId)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.OrganizationId, id), token), cancellationToken);
        live.Close(new LiveCaller(request.SessionId, ApiKeyId: null));   // pages open them again, for the other organization
        return new SwitchedOrganization(
            organization.Id, organization.Name, (membership?.Roles ?? OrganizationRoles.All).ToList(), isVisit);
    }
}
