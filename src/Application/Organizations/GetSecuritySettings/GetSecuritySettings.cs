namespace MetaMessaging.Application.Organizations;

/// <summary>What the organization asks of its members' sign-ins.</summary>
public sealed record GetSecuritySettings : IRequest<SecuritySettings>;

internal sealed class GetSecuritySettingsHandler(IAppDbContext db, OrganizationScope scope)
    : IRequestHandler<GetSecuritySettings, SecuritySettings>
{
    public Task<SecuritySettings> Handle(GetSecuritySettings request, CancellationToken cancellationToken) =>
        db.Organizations.AsNoTracking().Where(o => o.Id == scope.OrganizationId).Select(o => o.Security).SingleAsync(cancellationToken);
}
